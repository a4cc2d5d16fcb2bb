foo "a" {}
