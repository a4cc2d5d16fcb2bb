# Three services of a fig file (web, auth, pricing) on a network of their own. Their images are
# built here, from nothing but a statically linked busybox: no registry is needed.

terraform {
  required_providers {
    docker = {
      source  = "kreuzwerker/docker"
      version = "~> 3.0"
    }
    local = {
      source = "hashicorp/local"
    }
  }
}

variable "busybox" {
  type        = string
  default     = "/bin/busybox"
  description = "A statically linked busybox; Debian's package is `busybox-static`"
}

variable "port" {
  type        = number
  default     = 8080
  description = "Where the web service answers on this machine"
}

variable "deployment" {
  type        = string
  default     = "abc"
  description = "Tells deployments of the same stack apart"
}

locals {
  services = {
    web = {
      links = ["auth", "pricing"]
      env   = { GREETING = "Welcome", CURRENCY = "EUR" }
    }
    auth = {
      links = []
      env   = { SESSION_MINUTES = "30" }
    }
    pricing = {
      links = []
      env   = { DISCOUNT = "5" }
    }
  }

  # Everything that goes into an image besides busybox and the Dockerfile.
  pages = {
    "web/cgi-bin/index.cgi" = "0755"
    "auth/index.html"       = "0644"
    "pricing/index.html"    = "0644"
  }
}

resource "local_file" "busybox" {
  for_each = local.services

  filename        = "${path.module}/build/${each.key}/busybox"
  source          = var.busybox
  file_permission = "0755"
}

resource "local_file" "page" {
  for_each = local.pages

  filename        = "${path.module}/build/${split("/", each.key)[0]}/www/${join("/", slice(split("/", each.key), 1, length(split("/", each.key))))}"
  content         = file("${path.module}/www/${each.key}")
  file_permission = each.value
}

resource "local_file" "dockerfile" {
  for_each = local.services

  filename        = "${path.module}/build/${each.key}/Dockerfile"
  file_permission = "0644"
  content         = templatefile("${path.module}/Dockerfile.tftpl", { service = each.key })
}

resource "docker_network" "stack" {
  name = "${var.deployment}-stack"

  ipam_config {
    subnet  = "10.83.7.0/24"
    gateway = "10.83.7.1"
  }
}

resource "docker_image" "service" {
  for_each = local.services

  name = "${var.deployment}-${each.key}:1"

  build {
    context = "${path.module}/build/${each.key}"
  }

  triggers = {
    dockerfile = local_file.dockerfile[each.key].id
    pages      = join(",", [for name, page in local_file.page : page.id if startswith(name, "${each.key}/")])
    busybox    = local_file.busybox[each.key].id
  }
}

resource "docker_volume" "sessions" {
  name = "${var.deployment}-sessions"
}

resource "docker_container" "service" {
  for_each = local.services

  name     = "${var.deployment}-${each.key}"
  image    = docker_image.service[each.key].image_id
  hostname = each.key
  restart  = "unless-stopped"
  env      = [for name, value in each.value.env : "${name}=${value}"]
  memory   = 64
  wait     = true

  destroy_grace_seconds = 1

  networks_advanced {
    name         = docker_network.stack.name
    aliases      = [each.key]
    ipv4_address = cidrhost("10.83.7.0/24", 10 + index(keys(local.services), each.key))
  }

  dynamic "ports" {
    for_each = each.key == "web" ? [var.port] : []
    content {
      internal = 80
      external = ports.value
      ip       = "127.0.0.1"
    }
  }

  dynamic "volumes" {
    for_each = each.key == "auth" ? [docker_volume.sessions.name] : []
    content {
      volume_name    = volumes.value
      container_path = "/sessions"
    }
  }

  healthcheck {
    test     = ["CMD", "/bin/busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"]
    interval = "1s"
    timeout  = "2s"
    retries  = 5
  }

  labels {
    label = "deployment"
    value = var.deployment
  }
}

output "url" {
  value = "http://127.0.0.1:${var.port}/"
}

output "addresses" {
  value = {
    for name, container in docker_container.service :
    name => container.network_data[0].ip_address
  }
}
