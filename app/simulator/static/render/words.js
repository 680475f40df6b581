// The phone's own words. What a message says is never touched.

export const WORDS = {
  ja: {
    open: "開く", carousel: "カルーセル", pictures: "画像カルーセル", photo: "写真", film: "動画", sound: "音声",
    sticker: "スタンプ", emoji: "絵文字", place: "位置情報", file: "ファイル", coupon: "クーポン",
    couponNote: "クーポンの内容は LINE で表示されます", everybody: "@すべて", somebody: "@メンバー",
    today: "今日", yesterday: "昨日", read: "既読", unsent: "メッセージの送信を取り消しました", typing: "入力中",
    account: "アカウント:", self: "自分:", unknown: "この種類のメッセージは表示できません",
    sent: { sticker: "スタンプを送信しました", image: "写真を送信しました", video: "動画を送信しました", audio: "ボイスメッセージを送信しました", location: "位置情報を送信しました", file: "ファイルを送信しました", coupon: "クーポンが届きました" },
  },
  en: {
    open: "Open", carousel: "Carousel", pictures: "Picture carousel", photo: "Photo", film: "Video", sound: "Audio",
    sticker: "Sticker", emoji: "Emoji", place: "Location", file: "File", coupon: "Coupon",
    couponNote: "LINE shows what the coupon offers", everybody: "@All", somebody: "@Member",
    today: "Today", yesterday: "Yesterday", read: "Read", unsent: "Message unsent", typing: "Typing",
    account: "Account:", self: "You:", unknown: "This kind of message cannot be shown",
    sent: { sticker: "Sent a sticker", image: "Sent a photo", video: "Sent a video", audio: "Sent a voice message", location: "Sent a location", file: "Sent a file", coupon: "You received a coupon" },
  },
};
