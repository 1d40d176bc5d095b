# api_instances comes from the pipeline.
