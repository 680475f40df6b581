"""The SDK's own way to take webhooks with Flask: its handler inside the request, nothing stored, no reply."""

from flask import Flask, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.webhooks import MessageEvent, TextMessageContent

from tests.stack import SECRET

application = Flask(__name__)
handler = WebhookHandler(SECRET)


@application.post("/line/webhook")
def callback() -> str:
    """Check the signature, parse, call the handler of each event."""
    signature = request.headers["X-Line-Signature"]
    body = request.get_data(as_text=True)
    try:
        handler.handle(body, signature)
    except InvalidSignatureError:
        abort(400)
    return "OK"


@handler.add(MessageEvent, message=TextMessageContent)
def take_text(event: MessageEvent) -> None:
    """Where the example would answer."""
