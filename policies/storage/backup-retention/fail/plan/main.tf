resource "aws_backup_plan" "nightly" {
  name = "nightly"

  rule {
    rule_name         = "nightly"
    target_vault_name = "shop"
    schedule          = "cron(0 3 * * ? *)"

    lifecycle {
      delete_after = 3 # expect: backup-retention
    }
  }

  rule {
    rule_name         = "weekly"
    target_vault_name = "shop"
    schedule          = "cron(0 4 ? * SUN *)"

    lifecycle {
      delete_after = 35
    }
  }
}
