"""The pages in Turkish."""

from __future__ import annotations

page = {
    "skip": "İçeriğe geç",
    "calendar": "Takvim",
    "languages": "Diller",
    "subject": "Konu",
    "categories": "Konular",
    "next": "Yaklaşan günler",
    "nothing_next": "Takvimde bundan sonrası için kayıtlı gün bulunmuyor.",
    "year": "{} yılı",
    "months": "Aylar",
    "no_days": "Bu aya düşen bir gün bulunmuyor.",
    "month_only": "Yalnızca ayı bilinenler",
    "history": "Kronoloji",  # 'Tarih' is the date already
    "dots": (
        "Her nokta bir kayıttır. İçi dolu olan: takvimde kendi günleri vardır. İçi boş olan: kendi günü yoktur."
    ),
    "too_many": ("{} kayıt var, tek sayfa için çok fazla. Konulara ve aylara göre yer alırlar; tümü bir arada:"),
    "find": "Kayıt arayın:",
    "observances": "Başlangıç yılı belirtilmemiş anma günleri ve bayramlar",
    "days": "Günler",
    "identity": "Bu kaydın kalıcı adı:",
    "source_notes": "Bu kaynaklar hakkında",
    "subscribe": "Abone olun",
    "omitted": (
        "{} gün bu takvim dosyasına alınmamıştır, çünkü programlar fazla büyük dosyalardaki etkinlikleri "
        "kaybeder. Tek tek konuların takvimleri daha küçüktür."
    ),
    "address": "Ya da adresi istediğiniz takvim programına kopyalayın:",
    "copy": "Kopyala",
    "copied": "Kopyalandı",
    "feeds": "Akış okuyucular için",
    "download": "Bir kez indirin",
    "download_note": "(sonradan değişmeyen bir kopya)",
    "reminders": "Hatırlatmalı takvim",
    "reminders_note": "(sabah saat dokuzda; birçok program hatırlatmaları göstermez)",
    "qr": "Adresin QR kodu",
    "notes": "Hangi programdan ne beklenebilir",
    "note_apple": (
        "Apple Calendar ve Thunderbird adresi kendiliğinden açar; değişikliklere ne sıklıkla bakacaklarını orada "
        "seçersiniz."
    ),
    "google": (
        "Google Takvim adresi yalnızca bilgisayarda kabul eder, Android uygulamasında etmez; değişikliklere de "
        "istediği zaman, çoğu kez bir gün veya daha uzun süre sonra bakar. Bu yüzden bütün günler takvime yıllar "
        "öncesinden yazılmıştır."
    ),
    "note_outlook": (
        "Outlook.com ve Microsoft 365’te takvime web üzerinden abone olunur; değişikliklere birkaç saat veya bir "
        "gün sonra bakılır. Windows için Outlook’ta ilk düğme de kullanılabilir."
    ),
    "note_phone": (
        "Android için bilgisayardan abone olun veya adresi takvim aboneliğini destekleyen bir uygulamaya "
        "kopyalayın."
    ),
    "note_refresh": (
        "Bir programın değişikliklere yeniden ne zaman bakacağı konusunda kimse söz veremez. Adres hiç değişmez; "
        "düzeltme, aynı etkinliğin yeni bir sürümü olarak gelir."
    ),
    "size": (
        "Fazla büyüyen bir takvim bazı programlarda haber vermeden etkinlik kaybeder; tek tek konuların "
        "takvimleri küçük kalır."
    ),
    "compose": "Takvim oluşturun",
    "compose_how": "Konuları seçin; günleri bir araya gelerek kendi kalıcı adresi olan tek bir takvim oluşturur.",
    "compose_pattern": "Adresinde konuların adları alfabetik sırayla yer alır ve artı işaretiyle birleştirilir:",
    "compose_ready": "Hazır takvimler",
    "compose_choose": "Bir veya daha fazla konu seçin.",
    "compose_missing": "Konuların bu birleşimi burada yayımlanmıyor.",
    "compose_failed": "Siteye ulaşılamadı; yeniden deneyin.",
    "compose_done": "Adres hazır.",
    "corrections": "Düzeltmeler",
    "corrections_how": "Yayımlanmış bilgilerde neyin, ne zaman ve neden değiştirildiği; en yenisi en başta.",
    "no_corrections": "Şimdiye kadar hiçbir şey düzeltilmedi.",
    "about": "Bu takvim nasıl hazırlanıyor",
    "about_sources": (
        "Her kayıt dayandığı belgelerin adını ve bunların her birinin ne söylediğini verir. Belgeler ayrıştığında "
        "hepsi gösterilir; hangisinin esas alındığı ve nedeni de belirtilir. Çıkarımla bulunanlar ve belgelerin "
        "dışından gelenler işaretlenir."
    ),
    "about_dates": (
        "Bir tarih ancak kaynağı kadar kesindir: yalnızca ayı veya yılı bilinen bir kayıt bu sayfalarda yer alır, "
        "ama ona bir gün verilmez."
    ),
    "about_corrections": (
        "Bir kaydın adı ve adresi hiç değişmez. Kayıt düzeltildiğinde, önce ne yazdığı, şimdi ne yazdığı ve "
        "değişikliğin nedeni şu bölümde belirtilir:"
    ),
    "data": "Buradaki her şey, bütün kaynaklar ve söyledikleriyle birlikte, veri olarak:",
    "zone": "Günler şu saat dilimine göredir: {}.",
}
