"""Machine words of states, reasons and deeds as people say them (pure)."""

from collections.abc import Mapping

CARRIERS: Mapping[str, str] = {
    "reply": "応答",
    "push": "プッシュ",
    "multicast": "一斉",
    "notification": "通知メッセージ",
    "sms": "SMS",
    "webhook": "連携先への通知",
    "alert": "担当者への通知",
    "menu": "メニューの切り替え",
    "profile": "プロフィールの取得",
    "content": "ファイルの取得",
    "leave": "グループからの退出",
}
STATUSES: Mapping[str, tuple[str, str]] = {
    "waiting": ("送信待ち", "info"),
    "sending": ("送信中", "info"),
    "sent": ("送信済", "ok"),
    "refused": ("送らなかった", "plain"),
    "expired": ("期限切れ", "plain"),
    "cancelled": ("取り消し", "plain"),
    "failed": ("失敗", "danger"),
    "unknown": ("不明", "warn"),
}
"""Status of an outbox row → its word and the colour of its badge."""
NOT_SENT = ("refused", "expired", "cancelled", "failed", "unknown")
REASONS: Mapping[str, str] = {
    "blocked": "ブロックされているか、友だちではないため",
    "placed": "入社後2年のため",
    "opted_out": "配信停止のため",
    "no_consent": "配信の許諾がないため",
    "snoozed": "お休み中のため",
    "conversation": "担当者が対応中のため",
    "held": "反応がないため控えています",
    "cadence": "連絡の上限に達したため",
    "duplicate": "同じ内容を送信済みのため",
    "quota": "今月の通数が上限に達したため",
    "frequency": "1日・7日の上限に達したため",
    "quiet_hours": "夜間のため",
    "monthly limit": "今月の通数が上限に達したため",
    "too late to be useful": "送るべき時刻を過ぎたため",
    "LINE refused it": "LINEが受け付けなかったため",
    "could not connect": "LINEにつながらなかったため、もう一度試します",
    "rate limit": "混み合っているため、少し待って送ります",
    "access refused": "アカウントの認証が通らなかったため",
    "access refused for a day": "1日のあいだ認証が通らなかったため",
    "not ready yet": "準備を待っています",
    "no clear answer": "LINEの返事がはっきりしないため、確かめています",
    "no clear answer for a day": "1日のあいだ返事がなかったため",
    "no clear answer: it may have arrived": "送信できたか確認できていません。届いている可能性があります",
    "no clear answer in time: it may have arrived": "送信できたか確認できていません。届いている可能性があります",
    "LINE has forgotten the retry key": "送信できたか確認できていません。届いている可能性があります",
    "the token is used or too old: an earlier try may have arrived": (
        "送信できたか確認できていません。届いている可能性があります"
    ),
    "the reply token was no longer good": "応答の期限が過ぎたため、プッシュで送ります",
    "an earlier try had arrived": "前の送信が届いていました",
    "refused as a whole: sent in halves": "分けて送りました",
    "given up by staff": "担当者が対応済みにしました",
    "nothing left to say": "お伝えする内容がなくなったため",
}
KINDS: Mapping[str, str] = {
    "image": "画像",
    "video": "動画",
    "audio": "音声",
    "file": "ファイル",
    "location": "位置情報",
    "sticker": "スタンプ",
    "note": "社内メモ",
    "unsent": "送信取消",
}
HOWS: Mapping[str, str] = {"login": "LINEログイン", "account": "アカウント連携", "code": "連携コード"}
ENDINGS: Mapping[str, str] = {
    "chat": "ご本人がトークで解除",
    "menu": "ご本人がメニューで解除",
    "site": "サイトから解除",
    "console": "担当者が解除",
    "relinked": "別の連携に替わりました",
    "forgotten": "記録の消去",
}
CONSENTS: Mapping[str, str] = {
    "line": "LINEでの求人のお届け",
    "sms": "SMSでのご案内",
    "mail": "メールでのご案内",
    "service": "手続きのSMS",
}
SOURCES: Mapping[str, str] = {
    "follow": "友だち追加",
    "chat": "トーク",
    "site": "サイト",
    "console": "担当者",
    "import": "取り込み",
}
ACTIONS: Mapping[str, str] = {
    "person.viewed": "個人の画面を開いた",
    "person.exported": "個人の記録を書き出した",
    "people.exported": "一覧をCSVで書き出した",
    "job.people_shown": "求人を見た方の一覧を開いた",
    "phone.shown": "電話番号を表示した",
    "mail.shown": "メールアドレスを表示した",
    "link.made": "会員連携した",
    "link.ended": "会員連携を解除した",
    "link.refused": "会員連携を断った",
    "login.permitted": "LINEログインを許可した",
    "person.forgotten": "記録を消去した",
    "staff.added": "担当者を追加した",
    "staff.role_changed": "役割を変更した",
    "staff.renamed": "表示名を変えた",
    "staff.left": "担当者の利用を終えた",
    "staff.password_reset": "パスワードを再設定した",
    "staff.password_changed": "パスワードを変更した",
    "staff.signed_in": "サインインした",
    "event.replayed": "受信を再実行した",
    "event.discarded": "受信を破棄した",
    "conversation.closed": "相談を終えた",
    "message.sent_again": "もう一度送った",
    "message.given_up": "失敗を対応済みにした",
    "webhook.added": "Webhookを追加した",
    "webhook.secret_changed": "Webhookの署名鍵を変えた",
    "webhook.stopped": "Webhookを止めた",
    "menu.published": "リッチメニューを公開した",
    "menu.planned": "リッチメニューの公開を予約した",
    "menu.unplanned": "リッチメニューの予約を取り消した",
    "menu.rolled_back": "リッチメニューを前の版に戻した",
    "menu.draft_discarded": "リッチメニューの下書きを捨てた",
    "route.added": "流入経路を作った",
    "route.changed": "流入経路を変えた",
    "route.ended": "流入経路を終えた",
    "route.reopened": "流入経路を再開した",
    "channel.added": "LINEアカウントを加えた",
    "channel.changed": "LINEアカウントの設定を変えた",
    "channel.secret_changed": "LINEアカウントの鍵を変えた",
    "api_key.added": "APIキーを作った",
    "api_key.revoked": "APIキーを止めた",
}


def reason_words(reason: str | None) -> str:
    """Why something was not sent; a reason that has no words yet is shown as it is."""
    if not reason:
        return ""
    return REASONS.get(reason) or f"その他({reason[:120]})"


def action_words(action: str) -> str:
    """What somebody did."""
    return ACTIONS.get(action, action)
