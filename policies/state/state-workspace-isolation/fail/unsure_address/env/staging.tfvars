plan = "starter"
