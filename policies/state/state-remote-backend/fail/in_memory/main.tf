terraform {
  backend "inmem" { # expect-undecided: state-remote-backend
    lock_id = "only-for-tests"
  }
}
