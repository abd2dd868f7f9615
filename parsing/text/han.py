"""Traditional Chinese characters of the words in the tables, and the simplified ones, in which the tables are written.

The pairs are those of the Unihan database (kSimplifiedVariant), for the characters that the tables hold.
"""

_TRADITIONAL = (
    "與業東兩個爲為義於亞從們價衆眾優會體餘傾蘭關茲內寫農決準幾劃則剛刪別辦務動區華協單衛衞廠廈參發變敘敍"
    "臺號後員團國場堅壇聲處備復夠頭學對導將爾盡屆屬嶼島帶並庫應廢開異張強當態總託執護報擬撾換據數無時顯暫"
    "機條來標樣歡歐沒灣滿點愛獨環現電碼確禮祕類糧紅約納線組織紹結絡統維綠緬締編網羅羣聯臘節蘇榮萊獲薩藍補"
    "見觀規計訂認議論評詞話該語誤說説請諾讀調謝謹敗購費賀資賞贊轉辭達運這進遲選遞遺郵採釋裏裡銀銷錯長門問"
    "間際隨韓頁項順須頌題顛館饋馬駐魯鮮麥黃"
    "烏倫圖聖買葉喬獅蓋頓賓賴盧脫貝賽濟寧岡湯紐領韋畿裘奧勞濕徵錄"
)
_SIMPLIFIED = (
    "与业东两个为为义于亚从们价众众优会体余倾兰关兹内写农决准几划则刚删别办务动区华协单卫卫厂厦参发变叙叙"
    "台号后员团国场坚坛声处备复够头学对导将尔尽届属屿岛带并库应废开异张强当态总托执护报拟挝换据数无时显暂"
    "机条来标样欢欧没湾满点爱独环现电码确礼秘类粮红约纳线组织绍结络统维绿缅缔编网罗群联腊节苏荣莱获萨蓝补"
    "见观规计订认议论评词话该语误说说请诺读调谢谨败购费贺资赏赞转辞达运这进迟选递遗邮采释里里银销错长门问"
    "间际随韩页项顺须颂题颠馆馈马驻鲁鲜麦黄"
    "乌伦图圣买叶乔狮盖顿宾赖卢脱贝赛济宁冈汤纽领韦几求奥劳湿征录"
)
SIMPLIFIED = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
