resource "aws_ecs_task_definition" "renderer" {
  family = "renderer"
  # A CPU for the task, and memory for nobody.
  cpu = "256"

  container_definitions = jsonencode([ # expect: resource-limits
    { name = "ffmpeg", image = "ghcr.io/livestreamsell/ffmpeg:7.1" },
    { name = "uploader", image = "ghcr.io/livestreamsell/uploader:2.0", cpu = 256, memory = 512 },
  ])
}

resource "aws_ecs_task_definition" "half" {
  family = "half"

  container_definitions = jsonencode([ # expect: resource-limits
    { name = "half", image = "ghcr.io/livestreamsell/half:1.0", cpu = 256 },
  ])
}

data "aws_ssm_parameter" "containers" {
  name = "/shop/containers"
}

resource "aws_ecs_task_definition" "elsewhere" {
  family                = "elsewhere"
  container_definitions = data.aws_ssm_parameter.containers.value # expect-undecided: resource-limits
}
