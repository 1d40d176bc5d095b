terraform {
  backend "inmem" {} # expect-undecided: state-locking
}
