"""What the tests of several rooms share: `made` examples, a `small` network, a `finished` run."""
