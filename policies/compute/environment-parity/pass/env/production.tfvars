size              = { plan = "pro", min = 3, class = "db.m7g.large", zones = 2 }
streams_metrics   = true
version_of_search = "OpenSearch_2.15"
sessions          = { eu = "pro", us = "pro" }
