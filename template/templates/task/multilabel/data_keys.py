    separator: Text = ";"
