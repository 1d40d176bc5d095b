# Limits of the task apply to all of its containers.
resource "aws_ecs_task_definition" "thumbnails" {
  family = "thumbnails"
  cpu    = "512"
  memory = "1024"

  container_definitions = jsonencode([
    { name = "thumbnails", image = "ghcr.io/livestreamsell/thumbnails:1.3" },
  ])
}

resource "aws_ecs_task_definition" "renderer" {
  family = "renderer"

  container_definitions = jsonencode([
    { name = "ffmpeg", image = "ghcr.io/livestreamsell/ffmpeg:7.1", cpu = 1024, memory = 2048 },
    { name = "uploader", image = "ghcr.io/livestreamsell/uploader:2.0", cpu = 256, memoryReservation = 256 },
  ])
}

variable "cpu" {
  type = number
}

resource "aws_ecr_repository" "shop" {
  name = "shop"
}

resource "aws_ecs_task_definition" "unknown_image" {
  family = "unknown-image"

  container_definitions = jsonencode([
    { name = "shop", image = "${aws_ecr_repository.shop.repository_url}:1.0", cpu = var.cpu, memory = 512 },
  ])
}

# A small limit is a limit.
resource "aws_ecs_task_definition" "least" {
  family = "least"

  container_definitions = jsonencode([
    { name = "least", image = "ghcr.io/livestreamsell/least:1.0", cpu = 1, memory = 4 },
  ])
}
