"""The verbs of CredentialsService: store, forget and try an agent's ERP login."""

from archibald.v1 import credentials_pb2
from archibald_client.calls import Calls

STORE = 120.0  # seconds; storing takes none, a server that is being replaced takes some
VERIFY = 600.0  # a login is slow while the ERP is, and waits for a browser

_RPCS = credentials_pb2.DESCRIPTOR.services_by_name["CredentialsService"].methods_by_name


class Logins:
    """What a client can do about agents' ERP logins. Passwords go in and never come out."""

    _calls: Calls

    async def put_credentials(
        self, user_id: str, username: str, password: str
    ) -> credentials_pb2.PutCredentialsResponse:
        """Store or replace the agent's login, encrypted; one that the ERP refused may be tried again then."""
        request = credentials_pb2.PutCredentialsRequest(
            user_id=user_id, username=username, password=password
        )
        response: credentials_pb2.PutCredentialsResponse = await self._calls.answer(
            _RPCS["PutCredentials"], request, STORE
        )
        return response

    async def delete_credentials(self, user_id: str) -> credentials_pb2.DeleteCredentialsResponse:
        """Forget the agent's login and its kept session; none stored is no error."""
        request = credentials_pb2.DeleteCredentialsRequest(user_id=user_id)
        response: credentials_pb2.DeleteCredentialsResponse = await self._calls.answer(
            _RPCS["DeleteCredentials"], request, STORE
        )
        return response

    async def verify_credentials(self, user_id: str) -> credentials_pb2.VerifyCredentialsResponse:
        """Sign in to the ERP with the stored login, once.

        Raises:
            ErpLoginRejectedError: the ERP refused it, now or before, or none is stored.
        """
        request = credentials_pb2.VerifyCredentialsRequest(user_id=user_id)
        response: credentials_pb2.VerifyCredentialsResponse = await self._calls.answer(
            _RPCS["VerifyCredentials"], request, VERIFY
        )
        return response
