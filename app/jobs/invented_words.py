"""What invented jobs are made of: trades with wages, duties and places of work. Nothing here is real."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Trade:
    """An occupation as it is usually offered; wages in yen for an average prefecture."""

    occupation: str
    weight: int
    """How often it is offered."""
    places: tuple[str, ...]
    """Kinds of employer; the invented name goes in front."""
    duties: str
    month: tuple[int, int]
    hour: tuple[int, int]
    licences: tuple[str, ...] = ()
    night: float = 0.0
    """Share of its jobs with night work."""
    weekend: float = 0.4
    """Share with Saturdays and Sundays off."""
    remote: float = 0.0
    novice: float = 0.3
    """Share that takes people without experience."""
    departments: tuple[str, ...] = ("",)


_HOSPITALS = ("総合病院", "記念病院", "中央病院", "リハビリテーション病院")
_CLINICS = ("クリニック", "内科医院", "整形外科クリニック", "皮膚科クリニック")
_HOMES = ("特別養護老人ホーム", "グループホーム", "有料老人ホーム", "介護老人保健施設")
_DAY_CARE = ("デイサービスセンター", "訪問介護ステーション", "小規模デイサービス")
_NURSERIES = ("保育園", "こども園", "小規模保育室", "認証保育所")
_OFFICES = ("商事株式会社", "システムズ株式会社", "サービス株式会社", "ホールディングス株式会社")
_SHOPS = ("ストア", "マート", "百貨店", "モール株式会社")
_FACTORIES = ("製作所", "工業株式会社", "食品工場", "精機株式会社")
_LOGISTICS = ("物流センター", "運輸株式会社", "ロジスティクス株式会社", "倉庫株式会社")

TRADES = (
    Trade(
        occupation="看護師",
        weight=14,
        places=_HOSPITALS,
        duties="患者さまの観察、診療の補助、療養上のお世話をお願いします。",
        month=(270_000, 350_000),
        hour=(1_700, 2_200),
        licences=("看護師",),
        night=0.6,
        weekend=0.2,
        departments=("病棟", "外来", "手術室", "透析室"),
    ),
    Trade(
        occupation="看護師",
        weight=12,
        places=(*_CLINICS, "訪問看護ステーション"),
        duties="診察の介助、採血や点滴、患者さまへのご説明をお願いします。",
        month=(250_000, 320_000),
        hour=(1_700, 2_100),
        licences=("看護師",),
        weekend=0.6,
    ),
    Trade(
        occupation="准看護師",
        weight=6,
        places=(*_HOMES, "総合病院"),
        duties="診療の補助や、入居者さまの健康管理をお願いします。",
        month=(220_000, 280_000),
        hour=(1_400, 1_800),
        licences=("准看護師",),
        night=0.3,
        departments=("施設内看護", ""),
    ),
    Trade(
        occupation="看護助手",
        weight=5,
        places=_HOSPITALS,
        duties="病室の環境整備、移動や食事のお手伝いをお願いします。",
        month=(180_000, 220_000),
        hour=(1_130, 1_300),
        night=0.4,
        novice=0.9,
        departments=("病棟", "手術室"),
    ),
    Trade(
        occupation="介護職",
        weight=12,
        places=_HOMES,
        duties="食事、入浴、レクリエーションなど、毎日の暮らしのお手伝いをお願いします。",
        month=(205_000, 270_000),
        hour=(1_180, 1_500),
        licences=("介護職員初任者研修",),
        night=0.6,
        weekend=0.1,
        novice=0.6,
    ),
    Trade(
        occupation="介護職",
        weight=9,
        places=_DAY_CARE,
        duties="送迎、入浴やお食事のお手伝い、体操やレクリエーションをお願いします。",
        month=(200_000, 245_000),
        hour=(1_170, 1_450),
        licences=("介護職員初任者研修",),
        weekend=0.5,
        novice=0.6,
    ),
    Trade(
        occupation="ケアマネジャー",
        weight=4,
        places=("居宅介護支援事業所", "特別養護老人ホーム"),
        duties="ケアプランの作成と、ご家族や事業所との調整をお願いします。",
        month=(250_000, 310_000),
        hour=(1_600, 1_900),
        licences=("介護支援専門員",),
        weekend=0.8,
        novice=0.1,
    ),
    Trade(
        occupation="理学療法士",
        weight=5,
        places=(*_HOSPITALS, "整形外科クリニック", "デイサービスセンター"),
        duties="評価と個別リハビリ、生活の動作の練習をお願いします。",
        month=(245_000, 310_000),
        hour=(1_600, 2_000),
        licences=("理学療法士",),
    ),
    Trade(
        occupation="薬剤師",
        weight=5,
        places=("薬局", "調剤薬局", "総合病院"),
        duties="調剤、監査、服薬のご説明をお願いします。",
        month=(320_000, 450_000),
        hour=(2_100, 2_600),
        licences=("薬剤師",),
        novice=0.2,
    ),
    Trade(
        occupation="歯科衛生士",
        weight=5,
        places=("歯科医院", "デンタルクリニック"),
        duties="クリーニング、診療の補助、歯みがきのご説明をお願いします。",
        month=(240_000, 320_000),
        hour=(1_500, 1_900),
        licences=("歯科衛生士",),
    ),
    Trade(
        occupation="医療事務",
        weight=6,
        places=(*_CLINICS, "総合病院"),
        duties="受付、会計、診療報酬の請求をお願いします。",
        month=(190_000, 240_000),
        hour=(1_130, 1_350),
        novice=0.6,
        departments=("受付", "医事課"),
    ),
    Trade(
        occupation="保育士",
        weight=11,
        places=_NURSERIES,
        duties="クラスの担任または補助として、お子さまの保育をお願いします。",
        month=(215_000, 270_000),
        hour=(1_200, 1_550),
        licences=("保育士",),
        weekend=0.7,
        departments=("乳児クラス", "幼児クラス", "フリー"),
    ),
    Trade(
        occupation="児童指導員",
        weight=4,
        places=("放課後等デイサービス", "児童発達支援センター"),
        duties="学校帰りのお子さまの遊びと学びを見守っていただきます。",
        month=(210_000, 260_000),
        hour=(1_180, 1_450),
        novice=0.5,
    ),
    Trade(
        occupation="一般事務",
        weight=7,
        places=_OFFICES,
        duties="書類の作成、データ入力、電話とメールの応対をお願いします。",
        month=(195_000, 250_000),
        hour=(1_200, 1_600),
        weekend=0.95,
        remote=0.25,
        novice=0.6,
        departments=("総務部", "管理部", ""),
    ),
    Trade(
        occupation="経理",
        weight=4,
        places=_OFFICES,
        duties="仕訳、月次の締め、支払いの確認をお願いします。",
        month=(240_000, 340_000),
        hour=(1_450, 1_900),
        licences=("日商簿記2級",),
        weekend=0.95,
        remote=0.3,
        novice=0.1,
    ),
    Trade(
        occupation="ITエンジニア",
        weight=5,
        places=("システムズ株式会社", "テクノロジー株式会社"),
        duties="業務システムの設計、開発、運用をお願いします。",
        month=(300_000, 550_000),
        hour=(2_000, 3_200),
        weekend=1.0,
        remote=0.7,
        novice=0.1,
    ),
    Trade(
        occupation="営業",
        weight=7,
        places=_OFFICES,
        duties="お客さまへのご提案と、その後のお手伝いをお願いします。",
        month=(230_000, 380_000),
        hour=(1_400, 1_900),
        licences=("普通自動車免許",),
        weekend=0.8,
        novice=0.6,
        departments=("法人営業", "ルート営業", "反響営業"),
    ),
    Trade(
        occupation="コールセンター",
        weight=4,
        places=("サービス株式会社", "コンタクトセンター"),
        duties="お問い合わせのお電話への応対をお願いします。",
        month=(200_000, 250_000),
        hour=(1_250, 1_600),
        remote=0.3,
        novice=0.9,
    ),
    Trade(
        occupation="販売",
        weight=7,
        places=_SHOPS,
        duties="接客、レジ、商品の陳列をお願いします。",
        month=(190_000, 250_000),
        hour=(1_120, 1_400),
        weekend=0.05,
        novice=0.8,
        departments=("食品", "衣料品", "雑貨"),
    ),
    Trade(
        occupation="ドライバー",
        weight=7,
        places=_LOGISTICS,
        duties="決まったルートでの配送と、荷物の積み下ろしをお願いします。",
        month=(250_000, 340_000),
        hour=(1_350, 1_700),
        licences=("準中型自動車免許",),
        night=0.3,
        novice=0.5,
        departments=("2トン車", "4トン車", "ルート配送"),
    ),
    Trade(
        occupation="倉庫作業",
        weight=7,
        places=_LOGISTICS,
        duties="商品の入荷、ピッキング、梱包をお願いします。",
        month=(200_000, 250_000),
        hour=(1_150, 1_450),
        night=0.3,
        novice=0.9,
        departments=("ピッキング", "仕分け", "検品"),
    ),
    Trade(
        occupation="製造",
        weight=6,
        places=_FACTORIES,
        duties="部品や製品の組み立て、機械の操作、検査をお願いします。",
        month=(200_000, 265_000),
        hour=(1_180, 1_500),
        night=0.4,
        weekend=0.7,
        novice=0.9,
        departments=("組み立て", "検査", "機械オペレーター"),
    ),
    Trade(
        occupation="調理師",
        weight=4,
        places=(*_HOMES, *_NURSERIES[:2], "総合病院"),
        duties="献立に沿った調理、盛り付け、洗い場をお願いします。",
        month=(200_000, 260_000),
        hour=(1_130, 1_350),
        licences=("調理師",),
        weekend=0.2,
        novice=0.4,
    ),
)

FRONT_NAMES = (
    *("みなと", "あおば", "ひかり", "さくら", "わかば", "みどり", "すずかぜ", "はるか", "つばさ", "こもれび"),
    *(
        "ゆうひ",
        "かえで",
        "しおかぜ",
        "たいよう",
        "にじいろ",
        "やまびこ",
        "ほしぞら",
        "いずみ",
        "あさひ",
        "なぎさ",
    ),
)
BACK_NAMES = ("台", "が丘", "野", "の森", "坂", "川", "の里", "橋", "浜", "原", "町", "通り")

GIVEN_NAMES = (
    *("あかり", "いつき", "うた", "えま", "おと", "かえで", "きよ", "くるみ", "けい", "こはる", "さつき"),
    *("しおり", "すみれ", "せな", "そら", "たくみ", "ちはる", "つむぎ", "てる", "ともえ", "なお", "にこ"),
    *("のぞみ", "はると", "ひなた", "ふみ", "ほのか", "まこと", "みのり", "むつみ", "めい", "ももか"),
)

# Where invented jobs and people are: about as often as people live there, more around Tokyo and Yokohama.
PREFECTURE_WEIGHTS = {
    1: 52,
    4: 23,
    8: 28,
    11: 73,
    12: 63,
    13: 140,
    14: 92,
    15: 21,
    22: 36,
    23: 75,
    26: 25,
} | {27: 88, 28: 54, 33: 19, 34: 28, 40: 51, 43: 17, 47: 15}
WAGE_FACTORS = {13: 1.15, 14: 1.12, 27: 1.08, 11: 1.06, 12: 1.06, 23: 1.06, 26: 1.03, 28: 1.03}
HOURLY_FLOORS = {13: 1_230, 14: 1_230, 27: 1_180, 11: 1_150, 12: 1_140, 23: 1_140, 26: 1_130, 28: 1_120}
"""No invented job pays less an hour; elsewhere 1,100."""
