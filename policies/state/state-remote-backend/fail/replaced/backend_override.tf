terraform {
  backend "local" {} # expect: state-remote-backend
}
