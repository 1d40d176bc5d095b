terraform {
  backend "gs" {} # expect-undecided: state-locking
}
