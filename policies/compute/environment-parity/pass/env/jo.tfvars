size            = { plan = "starter", min = 1, class = "db.t4g.micro", zones = 1 }
streams_metrics = false
sessions        = { eu = "starter" }
