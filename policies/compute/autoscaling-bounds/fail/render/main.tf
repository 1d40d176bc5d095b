locals {
  image    = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
  criteria = { cpu = { enabled = true, percentage = 70 } }
}

resource "render_web_service" "unset" { # expect: autoscaling-bounds
  name           = "unset"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_web_service" "null" {
  name           = "null"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling    = null # expect: autoscaling-bounds
}

resource "render_web_service" "off" {
  name           = "off"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  # Other defects inside do not matter while it is off.
  autoscaling = {
    enabled  = false # expect: autoscaling-bounds
    min      = 0
    max      = 0
    criteria = local.criteria
  }
}

resource "render_private_service" "zero" {
  name           = "zero"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = 0 # expect: autoscaling-bounds
    max      = 3
    criteria = local.criteria
  }
}

resource "render_private_service" "crossed" {
  name           = "crossed"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = 4 # expect: autoscaling-bounds
    max      = 3
    criteria = local.criteria
  }
}

resource "render_private_service" "no_max" {
  name           = "no-max"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = 1
    max      = null # expect: autoscaling-bounds
    criteria = local.criteria
  }
}

resource "render_background_worker" "no_min" {
  name           = "no-min"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = null # expect: autoscaling-bounds
    max      = 3
    criteria = local.criteria
  }
}

resource "render_background_worker" "too_many" {
  name           = "too-many"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = 1
    max      = 101 # expect: autoscaling-bounds
    criteria = local.criteria
  }
}

resource "render_background_worker" "unmeasured" {
  name           = "unmeasured"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled = true
    min     = 1
    max     = 3
    criteria = { # expect: autoscaling-bounds
      cpu    = { enabled = false, percentage = 70 }
      memory = { enabled = false, percentage = 70 }
    }
  }
}

resource "render_background_worker" "fixed" {
  name           = "fixed"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  num_instances  = 2 # expect: autoscaling-bounds
  autoscaling = {
    enabled  = true
    min      = 1
    max      = 3
    criteria = local.criteria
  }
}

resource "render_background_worker" "several_on_a_disk" {
  name           = "several-on-a-disk"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  disk           = { name = "scratch", size_gb = 10, mount_path = "/scratch" }
  autoscaling = {
    enabled  = true
    min      = 1
    max      = 3 # expect: autoscaling-bounds
    criteria = local.criteria
  }
}

resource "render_background_worker" "two_on_a_disk" {
  name           = "two-on-a-disk"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  disk           = { name = "scratch", size_gb = 10, mount_path = "/scratch" }
  autoscaling = {
    enabled  = true
    min      = 1
    max      = 2 # expect: autoscaling-bounds
    criteria = local.criteria
  }
}

# Off because of the disk, but then only one instance is allowed.
resource "render_background_worker" "off_on_a_disk" {
  name           = "off-on-a-disk"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  disk           = { name = "scratch", size_gb = 10, mount_path = "/scratch" }
  num_instances  = 2 # expect: autoscaling-bounds
  autoscaling = {
    enabled  = false
    min      = 1
    max      = 2
    criteria = local.criteria
  }
}

resource "render_background_worker" "off_with_a_number" {
  name           = "off-with-a-number"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  num_instances  = 2
  autoscaling = {
    enabled  = false # expect: autoscaling-bounds
    min      = 1
    max      = 2
    criteria = local.criteria
  }
}

resource "render_background_worker" "fixed_on_a_disk" {
  name           = "fixed-on-a-disk"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  disk           = { name = "scratch", size_gb = 10, mount_path = "/scratch" }
  num_instances  = 2 # expect: autoscaling-bounds
}
