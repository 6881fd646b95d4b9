//! Why something is seen or not, in words.

use super::Basis;
use crate::language::Language;

impl Basis {
    /// The sentence that says it, in a language.
    pub const fn told(self, language: Language) -> &'static str {
        let [english, russian, ukrainian] = self.words();
        match language {
            Language::English => english,
            Language::Russian => russian,
            Language::Ukrainian => ukrainian,
        }
    }

    const fn words(self) -> [&'static str; 3] {
        match self {
            Self::OpenToAll => [
                "It says nothing of a family: everybody signed in sees it.",
                "Здесь нет сведений о семьях: это видит каждый, кто вошёл в систему.",
                "Тут немає відомостей про родини: це бачить кожен, хто увійшов.",
            ],
            Self::OpenToRole => [
                "Your role knows the workers of all organisations.",
                "Ваша роль видит работников всех организаций.",
                "Ваша роль бачить працівників усіх організацій.",
            ],
            Self::Grant => [
                "It is shared with your organisation, or open to you: the grants say since when and until when.",
                "Доступ предоставлен вашей организации или лично вам: сроки указаны в grants.",
                "Доступ надано вашій організації або особисто вам: строки вказано в grants.",
            ],
            Self::Area => [
                "It lies in your area: you see its families in summary.",
                "Это на вашей территории: её семьи видны вам в общих чертах.",
                "Це на вашій території: її родини видно вам у загальних рисах.",
            ],
            Self::ReceivedByOrganisation => [
                "Your organisation received this report.",
                "Это сообщение получила ваша организация.",
                "Це повідомлення отримала ваша організація.",
            ],
            Self::OwnReport => [
                "You submitted this report: you see how far it is.",
                "Вы подали это сообщение: вам видно, что с ним происходит.",
                "Ви подали це повідомлення: вам видно, що з ним відбувається.",
            ],
            Self::Own => ["It is yours.", "Это ваше.", "Це ваше."],
            Self::OfOrganisation => [
                "It is for your organisation to do or to review.",
                "Это должна сделать или проверить ваша организация.",
                "Це має зробити або перевірити ваша організація.",
            ],
            Self::RoleSeesNoRows | Self::NotFoundOrNotShared => self.why_not(),
        }
    }

    const fn why_not(self) -> [&'static str; 3] {
        match self {
            Self::RoleSeesNoRows => [
                "Your role never sees such records: use another role.",
                "Ваша роль никогда не видит таких записей: используйте другую роль.",
                "Ваша роль ніколи не бачить таких записів: скористайтеся іншою роллю.",
            ],
            _ => [
                "There is nothing under this id, or it is not shared with you: check it, or ask who leads the work.",
                "Под этим номером ничего нет, либо это вам не предоставлено: проверьте его или обратитесь к ведущей организации.",
                "За цим номером нічого немає, або це вам не надано: перевірте його чи зверніться до організації, що веде.",
            ],
        }
    }
}
