resource "grafana_contact_point" "pager" {
  name = "pager"

  pagerduty {
    integration_key = var.pagerduty_integration_key
    severity        = "critical"
    summary         = "{{ .CommonAnnotations.summary }}"
    client          = "Grafana ${var.environment}"
    client_url      = "{{ .ExternalURL }}"
  }
}

resource "grafana_contact_point" "chat" {
  name = "chat"

  slack {
    url   = var.slack_webhook_url
    title = "[${upper(var.environment)}] {{ .CommonLabels.alertname }}"
    text  = "{{ range .Alerts }}{{ .Annotations.summary }} <{{ .Annotations.runbook_url }}|runbook>\n{{ end }}"
  }
}

resource "grafana_contact_point" "mail" {
  name = "mail"

  email {
    addresses = var.alert_emails
  }
}

resource "grafana_mute_timing" "nights" {
  name = "nights and weekends"

  intervals {
    weekdays = ["saturday", "sunday"]
    location = "Europe/Berlin"
  }

  intervals {
    location = "Europe/Berlin"

    times {
      start = "00:00"
      end   = "08:00"
    }

    times {
      start = "20:00"
      end   = "24:00"
    }
  }
}

# The notification policy of the stack. Alerts that match no branch are sent by email.
resource "grafana_notification_policy" "this" {
  contact_point   = grafana_contact_point.mail.name
  group_by        = ["alertname", "service"]
  group_wait      = "30s"
  group_interval  = "5m"
  repeat_interval = "4h"

  policy {
    contact_point   = var.environment == "production" ? grafana_contact_point.pager.name : grafana_contact_point.chat.name
    group_wait      = "10s"
    repeat_interval = "1h"

    matcher {
      label = "severity"
      match = "="
      value = "critical"
    }
  }

  policy {
    contact_point = grafana_contact_point.chat.name
    mute_timings  = [grafana_mute_timing.nights.name]

    matcher {
      label = "severity"
      match = "=~"
      value = "warning|info"
    }
  }
}
