postgres = { version = "17", encrypted = true }
cache    = true
image    = "ghcr.io/livestreamsell/shop"
