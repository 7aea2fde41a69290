"""The pages in Azerbaijani."""

from __future__ import annotations

page = {
    "skip": "Məzmuna keçin",
    "calendar": "Təqvim",
    "languages": "Dillər",
    "subject": "Mövzu",
    "categories": "Mövzular",
    "next": "Qarşıdan gələn günlər",
    "nothing_next": "Təqvimdə qarşıdan gələn gün yoxdur.",
    "year": "İl: {}",  # '2026-cı il' would need the ending of each number
    "months": "Aylar",
    "no_days": "Bu ayda qeyd olunan gün yoxdur.",
    "month_only": "Yalnız ayı məlum olanlar",
    "history": "Xronologiya",  # 'Tarix' is the date already
    "dots": ("Hər nöqtə bir qeyddir. İçi dolu olan: təqvimdə öz günləri var. İçi boş olan: öz günü yoxdur."),
    "too_many": ("{} qeyd var, bir səhifə üçün çoxdur. Onlar mövzular və aylar üzrə verilib, hamısı bir yerdə:"),
    "find": "Qeyd axtarın:",
    "observances": "Başlanğıc ili göstərilməyən anım və bayram günləri",
    "days": "Günlər",
    "identity": "Bu qeydin daimi adı:",
    "source_notes": "Bu mənbələr haqqında",
    "subscribe": "Abunə olun",
    "omitted": (
        "Bu təqvim faylına {} gün daxil edilməyib, çünki proqramlar həddən artıq böyük fayllardakı hadisələri "
        "itirir. Ayrı-ayrı mövzuların təqvimləri daha kiçikdir."
    ),
    "address": "Yaxud ünvanı istənilən təqvim proqramına kopyalayın:",
    "copy": "Kopyalayın",
    "copied": "Kopyalandı",
    "feeds": "Lent oxuyucuları üçün",
    "download": "Birdəfəlik endirin",
    "download_note": "(sonradan dəyişməyən nüsxə)",
    "reminders": "Xatırlatmalı təqvim",
    "reminders_note": "(səhər saat doqquzda; bir çox proqram xatırlatmaları göstərmir)",
    "qr": "Ünvanın QR kodu",
    "notes": "Hansı proqramdan nə gözləmək olar",
    "note_apple": (
        "Apple Calendar və Thunderbird ünvanı özləri açır; dəyişiklikləri nə qədər tez-tez yoxlayacaqlarını orada "
        "seçirsiniz."
    ),
    "google": (
        "Google Təqvim ünvanı yalnız kompüterdə qəbul edir, Android tətbiqində yox; dəyişiklikləri də istədiyi "
        "vaxt, çox zaman bir gün və ya daha çox keçəndən sonra yoxlayır. Buna görə bütün günlər təqvimə illər "
        "öncədən yazılıb."
    ),
    "note_outlook": (
        "Outlook.com və Microsoft 365-də təqvimə veb-saytda abunə olunur; dəyişikliklər bir neçə saatdan və ya "
        "bir gündən sonra yoxlanılır. Windows üçün Outlook proqramında birinci düymə də işləyir."
    ),
    "note_phone": (
        "Android üçün kompüterdə abunə olun və ya ünvanı təqvim abunəliyini dəstəkləyən tətbiqə kopyalayın."
    ),
    "note_refresh": (
        "Proqramın dəyişiklikləri nə vaxt yenidən yoxlayacağına heç kim zəmanət verə bilməz. Ünvan heç vaxt "
        "dəyişmir, düzəliş isə eyni hadisənin yeni versiyası kimi gəlir."
    ),
    "size": (
        "Həddən artıq böyüyən təqvimin hadisələri bəzi proqramlarda xəbərdarlıqsız itir; ayrı-ayrı mövzuların "
        "təqvimləri kiçik qalır."
    ),
    "compose": "Təqvim tərtib edin",
    "compose_how": "Mövzuları seçin; onların günləri birlikdə öz daimi ünvanı olan bir təqvim təşkil edir.",
    "compose_pattern": "Ünvanında mövzuların adları əlifba sırası ilə düzülür və artı işarəsi ilə birləşdirilir:",
    "compose_ready": "Hazır təqvimlər",
    "compose_choose": "Bir və ya bir neçə mövzu seçin.",
    "compose_missing": "Mövzuların bu birləşməsi burada dərc olunmur.",
    "compose_failed": "Saytla əlaqə yaratmaq mümkün olmadı; yenidən cəhd edin.",
    "compose_done": "Ünvan hazırdır.",
    "corrections": "Düzəlişlər",
    "corrections_how": "Dərc olunmuş məlumatda nəyin, nə vaxt və nə üçün dəyişdirildiyi; ən yenisi əvvəldə.",
    "no_corrections": "Hələlik heç nə düzəldilməyib.",
    "about": "Bu təqvim necə hazırlanır",
    "about_sources": (
        "Hər qeyddə onun əsaslandığı sənədlərin adı çəkilir və onların hər birinin nə dediyi bildirilir. Sənədlər "
        "bir-birindən fərqlənəndə hamısı göstərilir, hansının əsas götürüldüyü və bunun səbəbi də yazılır. Nəticə "
        "kimi çıxarılanlar və sənədlərdən kənardan alınanlar ayrıca işarələnir."
    ),
    "about_dates": (
        "Tarix mənbəyi nə qədər dəqiqdirsə, o qədər dəqiqdir: yalnız ayı və ya ili məlum olan qeyd bu səhifələrdə "
        "yer alır, amma ona gün verilmir."
    ),
    "about_corrections": (
        "Qeydin adı və ünvanı həmişəlik qalır. Qeyd düzəldiləndə onda əvvəl nə yazıldığı, indi nə yazıldığı və "
        "dəyişikliyin səbəbi bu bölmədə göstərilir:"
    ),
    "data": "Buradakı hər şey, bütün mənbələr və onların dedikləri ilə birlikdə, verilənlər şəklində:",
    "zone": "Günlər bu saat qurşağına görədir: {}.",
}
