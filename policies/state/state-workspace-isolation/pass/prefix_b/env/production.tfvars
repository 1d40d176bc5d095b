plan = "standard"
