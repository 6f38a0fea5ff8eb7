"""A real server on this machine that speaks S3 over HTTP and checks every signature: moto's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNSIGNED = 4
"""Requests before signatures are checked: somebody must be let in, and there must be a bucket."""
MAY_ALL = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}


@dataclass(frozen=True)
class S3Server:
    """A server with one bucket, and the key of one who may use it."""

    url: str
    bucket: str
    key: str
    secret: str

    def put(self, path: Path, name: str) -> str:
        """Lay a file into the bucket, and return its address."""
        with path.open("rb") as stream:
            _client("s3", self.url, self.key, self.secret).upload_fileobj(stream, self.bucket, name)
        return f"s3://{self.bucket}/{name}"

    @property
    def environment(self) -> dict[str, str]:
        """How fsspec is told of it by variables."""
        return {
            "FSSPEC_S3_KEY": self.key,
            "FSSPEC_S3_SECRET": self.secret,
            "FSSPEC_S3_ENDPOINT_URL": self.url,
            **alone(),
        }

    def config(self, folder: Path) -> dict[str, str]:
        """How fsspec is told of it by a file in a folder, as in ``~/.config/fsspec``."""
        told = {"s3": {"key": self.key, "secret": self.secret, "endpoint_url": self.url}}
        (folder / "stores.json").write_text(json.dumps(told), encoding="utf-8")
        return {"FSSPEC_CONFIG_DIR": str(folder), **alone()}


def alone() -> dict[str, str]:
    """Keep the library from looking for credentials elsewhere, in the network or in somebody's files."""
    files = ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
    return {"AWS_EC2_METADATA_DISABLED": "true", **dict.fromkeys(files, os.devnull)}


@contextmanager
def serving_s3(bucket: str = "clinic") -> Iterator[S3Server]:
    """Start the server on a port of this machine."""
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
        env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(UNSIGNED)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield _opened(_address(process), bucket)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if found := re.search(r"Running on (http://\S+)", line):
            return found[1]
    raise AssertionError("".join(said))


def _opened(url: str, bucket: str) -> S3Server:
    """Let one user in, and make a bucket."""
    people = _client("iam", url, "nobody", "nothing")
    people.create_user(UserName="worker")
    key = people.create_access_key(UserName="worker")["AccessKey"]
    people.put_user_policy(UserName="worker", PolicyName="all", PolicyDocument=json.dumps(MAY_ALL))
    _client("s3", url, "nobody", "nothing").create_bucket(Bucket=bucket)
    return S3Server(url, bucket, key["AccessKeyId"], key["SecretAccessKey"])


def _client(service: str, url: str, key: str, secret: str) -> Any:
    import boto3

    session = boto3.Session(key, secret, region_name="us-east-1")
    return session.client(service, endpoint_url=url)
