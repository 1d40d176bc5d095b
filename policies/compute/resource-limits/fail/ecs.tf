resource "aws_ecs_task_definition" "renderer" {
  family = "renderer"
  # The task has cpu, but no memory.
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

variable "cpu" {
  type = number
}

resource "aws_ecr_repository" "shop" {
  name = "shop"
}

# The image is known after apply only, but the limits are missing in any case.
resource "aws_ecs_task_definition" "unknown_image" {
  family = "unknown-image"

  container_definitions = jsonencode([ # expect: resource-limits
    { name = "shop", image = "${aws_ecr_repository.shop.repository_url}:1.0", cpu = var.cpu },
  ])
}

data "aws_ssm_parameter" "containers" {
  name = "/shop/containers"
}

resource "aws_ecs_task_definition" "elsewhere" {
  family                = "elsewhere"
  container_definitions = data.aws_ssm_parameter.containers.value # expect-undecided: resource-limits
}

# A limit of 0 counts as none.
resource "aws_ecs_task_definition" "zero" {
  family = "zero"

  container_definitions = jsonencode([ # expect: resource-limits
    { name = "zero", image = "ghcr.io/livestreamsell/zero:1.0", cpu = 0, memory = 512 },
  ])
}
