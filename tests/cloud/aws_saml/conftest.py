"""An account that trusts a company directory."""

from __future__ import annotations

import json

import boto3
import pytest

from helpers import lab
from helpers.providers.saml.keys import KeyPair, make_key_pair
from helpers.providers.saml.metadata import metadata
from tests.cloud.aws_saml.directory import Directory, trust


@pytest.fixture(scope="session")
def pair() -> KeyPair:
    return make_key_pair("idp.example.com")


@pytest.fixture(scope="session")
def stranger() -> KeyPair:
    return make_key_pair("stranger.example.net")


@pytest.fixture
def directory(cloud: lab.Cloud, pair: KeyPair) -> Directory:
    """The directory, a provider for it in IAM, and a role that lets its people in."""
    iam = boto3.client("iam", "us-east-1")
    document = metadata(pair.certificate).decode()
    iam.create_saml_provider(Name="Company", SAMLMetadataDocument=document)
    iam.create_role(RoleName="Engineer", AssumeRolePolicyDocument=trust())
    allowed = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName="Engineer", PolicyName="own", PolicyDocument=text)
    return Directory(pair, cloud.clock.now())
