plan = "pro"
