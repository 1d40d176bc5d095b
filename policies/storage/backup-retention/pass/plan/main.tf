resource "aws_backup_plan" "nightly" {
  name = "nightly"

  rule {
    rule_name         = "nightly"
    target_vault_name = "shop"
    schedule          = "cron(0 3 * * ? *)"

    lifecycle {
      delete_after = 7
    }
  }

  # Kept without a limit.
  rule {
    rule_name         = "yearly"
    target_vault_name = "shop"
    schedule          = "cron(0 4 1 1 ? *)"
  }
}
