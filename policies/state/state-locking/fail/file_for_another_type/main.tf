terraform {
  backend "s3" {} # expect-undecided: state-locking
}
