// The page in English. Every sentence that the page says in Japanese has its place here (a test looks).

export const ENGLISH = {
  "これは LINE ではありません（シミュレーター）": "This is NOT LINE (simulator)",
  "シミュレーター（LINE ではありません）": "Simulator (this is NOT LINE)",
  人: "People", "2台並べる": "Two phones", 開発者パネル: "Developer panel", スマートフォンの持ち主: "Whose phone", 新しい人: "New person",
  シミュレーターにつながりません: "The simulator does not answer", "つながっていません。つながり次第、続けます。": "Not connected. It goes on as soon as it is.",
  追加: "Add", "人の切り替え": "Switch person", 名前: "Name", "架空 次郎": "Invented Jiro",

  スマートフォン: "Phone", "{name}さんのスマートフォン": "Phone of {name}", 自動で返信しています: "Replies automatically", ブロック: "Block", ブロック解除: "Unblock",
  スマートフォンを閉じる: "Lock the phone", 画面のキーボード: "On-screen keyboard", "友だち追加すると、トークできます。": "Add as a friend to chat.", 友だち追加: "Add friend",
  このアカウントをブロックしています: "You have blocked this account", トーク一覧へ: "To the chats", メニュー: "Menu", クイックリプライ: "Quick replies",
  リッチメニューに戻る: "Back to the rich menu", 送るものを選ぶ: "Choose what to send", メッセージを入力: "Aa", 送信: "Send", 送るもの: "What to send",
  リッチメニュー: "Rich menu", キーボードに切り替える: "Switch to the keyboard", トーク: "Chats", トーク一覧: "Chats", 閉じたスマートフォン: "Locked phone",
  開く: "Open", 閉じる: "Close", "未読 {count}件": "{count} unread", "通知: {name} {words}": "Notification: {name} {words}", 新しいメッセージ: "New message",
  "メニューの{number}番目": "Menu area {number}", "送れませんでした: {why}": "Not sent: {why}", 新しいタブを開けませんでした: "The new tab could not be opened",
  "音声入力を開きます（見本）": "Opens voice input (sample)", "開きます: {address}": "Opens: {address}", コピーしました: "Copied", コピーできませんでした: "Could not copy",
  取消: "Unsend", 送信を取り消す: "Unsend the message", 空白: "space", "一文字消す": "Delete a letter", 送る: "Send", 写真: "Photo", 動画: "Video",
  友だちではない: "Not a friend", 友だち: "Friend", ブロック中: "Blocked",

  表示の設定: "Appearance", 文字の大きさ: "Letters", 小: "Small", 普通: "Normal", 大: "Large", 特大: "Huge", 画面の色: "Colours", 明るい: "Light", 暗い: "Dark",
  時刻: "Time", "24時間": "24 hours", "午前・午後": "AM / PM",

  キャンセル: "Cancel", 日付を選ぶ: "Choose a date", 時刻を選ぶ: "Choose a time", 日時を選ぶ: "Choose date and time",
  カメラ: "Camera", アルバム: "Album", ファイル: "File", 音声: "Audio", 位置情報: "Location", "スタンプ「{words}」": "Sticker “{words}”",
  よろしく: "よろしく", ありがとう: "ありがとう", びっくり: "びっくり",
  "カメラに写っているもの（見本）": "What the camera sees (sample)", 向きを変える: "Turn", シャッター: "Shutter", この端末のファイル: "A file of this device",
  位置情報を選ぶ: "Choose a place", 場所: "Place", この場所を送る: "Send this place", 住所: "Address", 緯度: "Latitude", 経度: "Longitude",
  東京駅のあたり: "Near Tokyo station", 横浜のあたり: "Yokohama", 大阪のあたり: "Osaka", 札幌のあたり: "Sapporo", 住所のわからない場所: "A place without address",

  ひと押しの操作: "One-tap acts", 直前の出来事をもう一度届ける: "Deliver the last event again", "次の出来事を2回届ける": "Deliver the next event twice",
  次の送信の応答を失う: "Lose the answer to the next message", 次の出来事を偽の署名で届ける: "Forge the next event's signature", LINEを遅くする: "Slow LINE down",
  今月の通数を使い切る: "Spend this month's quota", ブロックする: "Block",

  障害: "Faults", どの呼び出しに: "Which call", どの障害を: "Which fault", 何回: "How often", 回: "times", 起こす: "Cause", すべて止める: "Stop all",
  "{endpoint}: {kind}（{hits} / {times} 回）": "{endpoint}: {kind} ({hits} of {times})", 人に届く送信すべて: "Everything that reaches a person", すべてのAPI: "Every API",
  "500 を返す": "Answer 500", "429（送りすぎ）を返す": "Answer 429 (too many)", "429（月の上限）を返す": "Answer 429 (monthly limit)", "401 を返す": "Answer 401", "403 を返す": "Answer 403",
  受け付けずに待たせる: "Hang, not accepted", 受け付けずに切断する: "Reset, not accepted", 受け付けてから切断する: "Accept, then reset", "受け付けてから 500 を返す": "Accept, then answer 500",
  "2 秒遅らせる": "2 seconds late", "2 回届ける": "Deliver twice", 応答が届かなかったことにする: "Lose our answer", 届けない: "Do not deliver", 偽の署名で届ける: "Forge the signature",
  前のシークレットで署名する: "Sign with the older secret",

  "通信（新しい順）": "Wire (newest first)", "Goen から（出来事によらない呼び出し）": "By Goen itself (no event before it)", もう一度届ける: "Deliver again", "2回同時に届ける": "Twice at once",
  "→ 再配信": "→ Redelivery", 応答なし: "no answer", 送った内容: "Request", 返した内容: "Answer", "（空）": "(empty)", 受け付けた: "accepted", "受け付け済み（同じキー）": "accepted before (same key)",
  断った: "refused", "キー {key}…": "key {key}…", 署名は正しくない: "signature is not valid", "署名は正しい（いまのシークレット …{ends}）": "signature valid (current secret …{ends})",
  "署名は正しい（{secret}つ前のシークレット …{ends}）": "signature valid (secret {secret} before, …{ends})", 署名: "Signature", 再試行キー: "Retry key", リクエストID: "Request id", つながり: "Belongs here",
  応答トークンなどで確か: "certain, by its token", "同じ人へ、1分以内": "same person within a minute",
  メッセージ: "Message", ボタン: "Button", 送信取消: "Unsend", グループ参加: "Joined a group", グループ退出: "Left a group", 連携: "Account link", 配達完了: "Delivered",
  "受け付けたが、応答は失われた": "accepted, but the answer was lost", "受け付けたが、500 と答えた": "accepted, but answered 500", 受け付けずに待たせた: "hung, not accepted",
  受け付けずに切断した: "reset, not accepted", 遅らせた: "late", 届けなかった: "not delivered", 届け先がない: "nowhere to deliver", 相手が待たなかった: "the caller did not wait", 時間切れ: "timed out",

  時計: "Clock", 進める先の日時: "Date and time to go to", 止める: "Stop", "1時間進める": "1 hour on", "1日進める": "1 day on", "1週間進める": "1 week on", 次の予定まで進める: "On to what is due next",
  この日時まで進める: "On to this date", これから起こること: "What will happen", 起こったこと: "What has happened", "実際の時刻より {hours} 進んでいます。": "{hours} ahead of the real time.",
  "GOEN_CLOCK_FILE がないため、時刻は進められません。": "Time cannot be moved without GOEN_CLOCK_FILE.", "進めています… 残り {hours}": "Moving… {hours} to go", "予定はわかりません: {why}": "What is due is not known: {why}",
  ここまで: "To here", "{time} まで進める": "On to {time}", 今より後の日時を選んでください: "Choose a time after now", "ありません。": "Nothing.", "{days} 日 ": "{days} days ", "{hours} 時間 {minutes} 分": "{hours} h {minutes} min",
  受信: "Received", 定期の仕事: "Task", 予定: "Appointment", お知らせ: "Reminder", 送った: "sent", 送らなかった: "refused", 期限が過ぎた: "expired", 取りやめた: "cancelled", 届かなかった: "failed",
  不明: "unknown", 済んだ: "done", 飛ばした: "skipped",

  台本: "Scripts", 台本の名前: "Name of the script", 録画を始める: "Record", 録画をやめる: "Give up", 録画を終えて保存する: "Stop and save", "録画中です。スマートフォンで会話してください。": "Recording. Talk on the phone.",
  録画した会話: "Recorded conversation", "{file} に保存しました。": "Saved as {file}.", "保存先がないので、ダウンロードだけできます。": "No folder to keep it in: downloaded only.", 録画: "Recorded", 付属: "Shipped",
  再生: "Play", "{name} を再生": "Play {name}", 保存: "Save", "{name} をダウンロード": "Download {name}", "「{name}」を再生しています…": "Playing “{name}”…", "「{name}」は台本どおりでした。": "“{name}” went as written.",
  "「{name}」は台本と違いました。": "“{name}” did not go as written.",
};
