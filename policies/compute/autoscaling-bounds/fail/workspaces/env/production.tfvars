least = 2
