api_instances = 0
