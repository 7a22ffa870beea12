#include "demo/world.h"

/* Everybody in the demo. The order is the number by which the rest knows them. */
const struct person people[] = {
        {"ada", NULL, "Ada Verhoeven", "Rust voor uw huis, C voor mijn brood. Rotterdam. #bouw #c",
                "nl", "demo-ada", 0},
        {"brecht", NULL, "Brecht :hammer_time:", "Verbouwt een huis uit 1931, langzaam.", "nl",
                "demo-brecht", 0},
        {"mina", NULL, "Mina Okafor", "Tide tables, harbour birds, small boats.", "en", "demo-mina",
                PERSON_LOCKED},
        {"wouter", "bouw.example", "Wouter de Wit | Aannemer",
                "Dakkapellen, aanbouw, funderingsherstel.", "nl", NULL, 0},
        {"ticker", "nieuws.example", "Nieuwsticker", "Elk bericht, elke minuut. Automatisch.", "nl",
                NULL, PERSON_BOT | PERSON_NOISY},
        {"yuki", "kumo.example", "ゆき🌧️", "雲の写真と端末の話。", "ja", NULL, 0},
        {"layla", "madina.example", "ليلى حداد", "مهندسة معمارية تكتب عن المدن القديمة.", "ar",
                NULL, 0},
        {"jonas", "werk.example", "Jonas Großmann", "Schreibt über Straßenbahnen und Kleingärten.",
                "de", NULL, 0},
        {"chloe", NULL, "Chloé Lefèvre", "Boulangère le jour, lectrice la nuit.", "fr",
                "demo-chloe", 0},
        {"diego", "puerto.example", "Diego Muñoz", "Fotografía, fútbol de barrio y mareas.", "es",
                NULL, 0},
        {"iris", NULL, "Iris van Dam", "Foto's met een beschrijving, altijd.", "nl", NULL, 0},
        {"pavel", "most.example", "Павел Орлов", "Мосты, чай и старые компьютеры.", "ru", NULL, 0},
        {"edsger", "code.example", "Edsger on a train", "C, POSIX, and the bugs between them.",
                "en", NULL, 0},
        {"eleni", "nisos.example", "Ελένη Παππά", "Νησιά, μελίσσια και ψηφία.", "el", NULL, 0},
        {"sam", "lakes.example", "Sam :verified_cat: (they/them)", "Content warnings are kindness.",
                "en", NULL, 0},
        {"tomer", "yam.example", "תומר לוי", "ים, לחם, ספרים.", "he", NULL, 0},
        {"wijkraad", NULL, "Wijkraad Noorderhaven", "Peilingen en mededelingen uit de wijk.", "nl",
                NULL, PERSON_BOT},
        {"jiwoo", "hangang.example", "지우", "강가에서 코드와 커피.", "ko", NULL, 0},
        {"priya", "ganga.example", "प्रिया शर्मा", "खाना, कविता और पुराने नक्शे।", "hi", NULL, 0},
        {"olha", "dnipro.example", "Ольга Бондар", "Пишу про сади, мости та радіо.", "uk", NULL, 0},
        {"xiaoyu", "jiang.example", "小雨", "江边的终端用户。", "zh", NULL, 0},
        {"nok", "chao.example", "นก", "อาหาร แม่น้ำ และแมว", "th", NULL, 0},
};
const size_t npeople = sizeof people / sizeof *people;

const char *const emoji[] = {"hammer_time", "verified_cat", "stoa", "blobwave", NULL};

const char *const visibility_names[SEEN_COUNT] = {"public", "unlisted", "private", "direct"};

const struct picture pictures[] = {
        {1, "image", "harbour.png",
                "Een kade bij laag water; drie kleine boten liggen scheef in het slib.", 1600,
                1200},
        {2, "image", "clouds.png", "夕方の入道雲。下の方だけ橙色に光っている。", 1200, 1200},
        {3, "image", "bread.png",
                "Deux miches de pain de seigle sur une grille, la croûte bien fendue.", 1400, 900},
        {4, "image", "tram.png", NULL, 1024, 768},
        {5, "gifv", "cat.mp4", "A grey cat misses the table, twice.", 480, 270},
        {6, "video", "bridge.mp4", "Разводной мост поднимается на рассвете.", 1280, 720},
        {7, "audio", "tide.mp3", "Forty seconds of a tide coming in over pebbles.", 0, 0},
        {8, "image", "attic.png",
                "Een open dak: oude balken, nieuwe gordingen, een vel blauw zeil.", 1500, 2000},
};
const size_t npictures = sizeof pictures / sizeof *pictures;

const struct card cards[] = {
        {"https://bouwgids.example/aannemer-kiezen",
                "Zo kiest u een aannemer die belt als hij te laat is",
                "Zeven vragen voor het eerste gesprek.", "Bouwgids"},
        {"https://code.example/posts/poll-and-signals",
                "poll(2), signals, and the one byte that saves you",
                "Why the self-pipe trick is still the right answer.", "code.example"},
        {"https://kumo.example/notes/terminal-fonts", "端末で読みやすいフォントを探す",
                "等幅と全角の幅について。", "kumo"},
        {"https://madina.example/old-doors", "أبواب المدينة القديمة", "سبعة أبواب وحكاياتها.",
                "مدينة"},
};
const size_t ncards = sizeof cards / sizeof *cards;
