"""cognito-idp: what moto only pretends. Each operation is one function, found by its AWS name."""

from __future__ import annotations

from helpers.cloud.call import Operation
from helpers.cloud.federation.saml.keys import get_signing_certificate
from helpers.cloud.not_offered import refuse_operation
from helpers.cloud.user_pools import (
    account_recovery,
    administration,
    challenges,
    domains,
    groups,
    identity_providers,
    linked_users,
    mfa_preference,
    mfa_settings,
    pools,
    resource_servers,
    self_service,
    sign_in,
    sign_up,
    software_tokens,
    ui_customization,
)
from helpers.cloud.user_pools.directory import pool_account
from helpers.cloud.user_pools.keys import discovery, issuer, jwks
from helpers.cloud.user_pools.not_offered import OPERATIONS_NOT_OFFERED
from helpers.cloud.user_pools.verification import TokenError, verify_token

__all__ = [
    "OPERATIONS",
    "TokenError",
    "discovery",
    "issuer",
    "jwks",
    "pool_account",
    "verify_token",
]

OPERATIONS: dict[str, Operation] = {
    # pools and clients
    "CreateUserPool": pools.create_user_pool,
    "UpdateUserPool": pools.update_user_pool,
    "DeleteUserPool": pools.delete_user_pool,
    "SetUserPoolMfaConfig": mfa_settings.set_user_pool_mfa_config,
    "GetUserPoolMfaConfig": mfa_settings.get_user_pool_mfa_config,
    "CreateUserPoolClient": pools.create_user_pool_client,
    "UpdateUserPoolClient": pools.update_user_pool_client,
    "DescribeUserPoolClient": pools.describe_user_pool_client,
    "DeleteUserPoolClient": pools.delete_user_pool_client,
    # the domain, its pages, and who else signs users in
    "CreateUserPoolDomain": domains.create_user_pool_domain,
    "DescribeUserPoolDomain": domains.describe_user_pool_domain,
    "UpdateUserPoolDomain": domains.update_user_pool_domain,
    "DeleteUserPoolDomain": domains.delete_user_pool_domain,
    "SetUICustomization": ui_customization.set_ui_customization,
    "GetUICustomization": ui_customization.get_ui_customization,
    "CreateIdentityProvider": identity_providers.create_identity_provider,
    "DescribeIdentityProvider": identity_providers.describe_identity_provider,
    "GetIdentityProviderByIdentifier": identity_providers.get_identity_provider_by_identifier,
    "UpdateIdentityProvider": identity_providers.update_identity_provider,
    "DeleteIdentityProvider": identity_providers.delete_identity_provider,
    "ListIdentityProviders": identity_providers.list_identity_providers,
    "GetSigningCertificate": get_signing_certificate,
    "CreateResourceServer": resource_servers.create_resource_server,
    "DescribeResourceServer": resource_servers.describe_resource_server,
    "UpdateResourceServer": resource_servers.update_resource_server,
    "DeleteResourceServer": resource_servers.delete_resource_server,
    "ListResourceServers": resource_servers.list_resource_servers,
    # sign-up and sign-in
    "SignUp": sign_up.sign_up,
    "ConfirmSignUp": sign_up.confirm_sign_up,
    "ResendConfirmationCode": sign_up.resend_confirmation_code,
    "InitiateAuth": sign_in.initiate_auth,
    "AdminInitiateAuth": sign_in.admin_initiate_auth,
    "RespondToAuthChallenge": challenges.respond_to_auth_challenge,
    "AdminRespondToAuthChallenge": challenges.admin_respond_to_auth_challenge,
    "ForgotPassword": account_recovery.forgot_password,
    "ConfirmForgotPassword": account_recovery.confirm_forgot_password,
    # with an access or refresh token
    "GetUser": self_service.get_user,
    "UpdateUserAttributes": self_service.update_user_attributes,
    "DeleteUserAttributes": self_service.delete_user_attributes,
    "GetUserAttributeVerificationCode": self_service.get_user_attribute_verification_code,
    "VerifyUserAttribute": self_service.verify_user_attribute,
    "ChangePassword": self_service.change_password,
    "DeleteUser": self_service.delete_user,
    "GlobalSignOut": self_service.global_sign_out,
    "RevokeToken": self_service.revoke_token,
    "GetTokensFromRefreshToken": self_service.get_tokens_from_refresh_token,
    # a second factor
    "AssociateSoftwareToken": software_tokens.associate_software_token,
    "VerifySoftwareToken": software_tokens.verify_software_token,
    "AdminDeleteSoftwareToken": software_tokens.admin_delete_software_token,
    "SetUserMFAPreference": mfa_preference.set_user_mfa_preference,
    "AdminSetUserMFAPreference": mfa_preference.admin_set_user_mfa_preference,
    # by an administrator
    "AdminCreateUser": administration.admin_create_user,
    "AdminSetUserPassword": administration.admin_set_user_password,
    "AdminConfirmSignUp": administration.admin_confirm_sign_up,
    "AdminResetUserPassword": administration.admin_reset_user_password,
    "AdminGetUser": administration.admin_get_user,
    "AdminUpdateUserAttributes": administration.admin_update_user_attributes,
    "AdminDeleteUserAttributes": administration.admin_delete_user_attributes,
    "AdminDisableUser": administration.admin_disable_user,
    "AdminEnableUser": administration.admin_enable_user,
    "AdminDeleteUser": administration.admin_delete_user,
    "AdminUserGlobalSignOut": administration.admin_user_global_sign_out,
    "AdminLinkProviderForUser": linked_users.admin_link_provider_for_user,
    "AdminDisableProviderForUser": linked_users.admin_disable_provider_for_user,
    "AdminAddUserToGroup": groups.admin_add_user_to_group,
    "AdminRemoveUserFromGroup": groups.admin_remove_user_from_group,
    "AdminListGroupsForUser": groups.admin_list_groups_for_user,
    # honest refusals
    **dict.fromkeys(OPERATIONS_NOT_OFFERED, refuse_operation),
}
