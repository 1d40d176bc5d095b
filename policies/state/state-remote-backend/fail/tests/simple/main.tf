# A root module for tests: no finding.
resource "terraform_data" "check" {
  input = "ready"
}
