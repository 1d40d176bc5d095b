"""The backend of `infra/` separates, encrypts and locks states, tested on a real S3 interface."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from tests.infra.command import INFRA, Terraform, succeed

BUCKET = "lss-terraform-state"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}

# Keeps the lock until the file `release` exists in the root module.
ROOT = """
resource "terraform_data" "held" {
  input = terraform.workspace

  provisioner "local-exec" {
    command = "touch started; while [ ! -e release ]; do sleep 0.05; done"
  }
}
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Return the address of an S3 server with the state bucket, versioned as in `bootstrap/`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture
def bucket(endpoint: str) -> Iterator[Any]:
    """Return a client of the empty state bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    yield client
    for page in client.get_paginator("list_object_versions").paginate(Bucket=BUCKET):
        for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            client.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    client.delete_bucket(Bucket=BUCKET)


def keys(bucket: Any) -> list[str]:
    return sorted(item["Key"] for item in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", ()))


def checkout(folder: Path, terraform: Terraform, endpoint: str, backend: Path = INFRA / "backend.tf") -> Path:
    """Return an initialised root module with the backend of `infra/` and without providers."""
    folder.mkdir()
    shutil.copy(backend, folder / "backend.tf")
    (folder / "main.tf").write_text(ROOT)
    (folder / "here.tfbackend").write_text(
        f'endpoints = {{ s3 = "{endpoint}" }}\n'
        "use_path_style              = true\n"
        "skip_credentials_validation = true\n"
        "skip_requesting_account_id  = true\n"
        "skip_metadata_api_check     = true\n"
        "skip_region_validation      = true\n"
    )
    succeed(terraform(folder, "init", "-backend-config=here.tfbackend", environment=CREDENTIALS))
    return folder


def wait_for(path: Path, attempts: int = 1_200) -> None:
    """Wait until a file exists; fail after a number of attempts, 50 ms apart."""
    for _ in range(attempts):
        if path.exists():
            return
        time.sleep(0.05)
    pytest.fail(f"{path.name} did not appear")


def test_workspaces_land_in_objects_of_their_own(
    terraform: Terraform, endpoint: str, bucket: Any, tmp_path: Path
) -> None:
    """Each workspace writes one object below the prefix, encrypted with the named key, and leaves no lock behind."""
    root = checkout(tmp_path / "desk", terraform, endpoint)
    (root / "release").touch()
    for workspace in ("staging", "production"):
        succeed(terraform(root, "workspace", "new", workspace, environment=CREDENTIALS))
        succeed(terraform(root, "apply", "-auto-approve", environment=CREDENTIALS))

    objects = {name: f"env/{name}/platform/terraform.tfstate" for name in ("staging", "production")}
    assert keys(bucket) == sorted(objects.values())
    for workspace, key in objects.items():
        written = bucket.get_object(Bucket=BUCKET, Key=key)
        assert written["ServerSideEncryption"] == "aws:kms"
        assert written["SSEKMSKeyId"].endswith("alias/lss-terraform-state")
        [resource] = json.loads(written["Body"].read())["resources"]
        assert resource["instances"][0]["attributes"]["input"]["value"] == workspace


def test_a_second_apply_is_refused_while_the_first_runs(
    terraform: Terraform, endpoint: str, bucket: Any, tmp_path: Path
) -> None:
    """A second apply is refused with the owner of the lock, and succeeds after the first one."""
    first = checkout(tmp_path / "first", terraform, endpoint)
    second = checkout(tmp_path / "second", terraform, endpoint)
    (second / "release").touch()
    with terraform.running(first, "apply", "-auto-approve", environment=CREDENTIALS) as running:
        wait_for(first / "started")
        assert keys(bucket) == ["platform/terraform.tfstate.tflock"]
        holder = json.loads(bucket.get_object(Bucket=BUCKET, Key="platform/terraform.tfstate.tflock")["Body"].read())

        done = terraform(second, "apply", "-auto-approve", environment=CREDENTIALS)
        assert done.returncode == 1
        assert "Error acquiring the state lock" in done.stderr
        assert holder["ID"] in done.stderr
        assert not (second / "started").exists()

        (first / "release").touch()
        assert running.wait(60) == 0
    assert keys(bucket) == ["platform/terraform.tfstate"]
    succeed(terraform(second, "apply", "-auto-approve", environment=CREDENTIALS))


def test_without_the_lockfile_no_run_is_refused(
    terraform: Terraform, endpoint: str, bucket: Any, tmp_path: Path
) -> None:
    """Without `use_lockfile`, a second apply runs concurrently."""
    unlocked = tmp_path / "backend.tf"
    unlocked.write_text((INFRA / "backend.tf").read_text().replace("use_lockfile         = true", ""))
    assert "use_lockfile" not in unlocked.read_text()
    first = checkout(tmp_path / "first", terraform, endpoint, unlocked)
    second = checkout(tmp_path / "second", terraform, endpoint, unlocked)
    (second / "release").touch()
    with terraform.running(first, "apply", "-auto-approve", environment=CREDENTIALS) as running:
        wait_for(first / "started")
        succeed(terraform(second, "apply", "-auto-approve", environment=CREDENTIALS))
        (first / "release").touch()
        running.wait(60)


def test_bootstrap_shares_the_bucket_but_no_object(
    terraform: Terraform, endpoint: str, tmp_path: Path, bucket: Any
) -> None:
    """The state of `bootstrap/` has a key that no workspace uses."""
    root = checkout(tmp_path / "bootstrap", terraform, endpoint, INFRA / "bootstrap/backend.tf")
    (root / "release").touch()
    succeed(terraform(root, "apply", "-auto-approve", environment=CREDENTIALS))
    assert keys(bucket) == ["bootstrap/terraform.tfstate"]


def test_bootstrap_moves_its_state_into_the_bucket_it_made(
    terraform: Terraform, endpoint: str, tmp_path: Path, bucket: Any
) -> None:
    """The first apply keeps a local state, and migrates it to the bucket as the README of `bootstrap/` describes."""
    root = checkout(tmp_path / "bootstrap", terraform, endpoint, INFRA / "bootstrap/backend.tf")
    shutil.rmtree(root / ".terraform")
    (root / "release").touch()
    override = root / "backend_override.tf"
    override.write_text('terraform {\n  backend "local" {}\n}\n')
    succeed(terraform(root, "init"))
    succeed(terraform(root, "apply", "-auto-approve"))
    assert keys(bucket) == []

    override.unlink()
    succeed(
        terraform(
            root, "init", "-migrate-state", "-force-copy", "-backend-config=here.tfbackend", environment=CREDENTIALS
        )
    )
    assert keys(bucket) == ["bootstrap/terraform.tfstate"]
    assert "No changes" in succeed(terraform(root, "plan", environment=CREDENTIALS))
