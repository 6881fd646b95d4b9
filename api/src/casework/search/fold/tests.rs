//! Names of three spellings each, and what must not meet.

use proptest::prelude::{prop_assert, proptest};

use super::{NameParts, search_key, words};

/// Spellings of one name, on one line each.
const SAME: &[&str] = &[
    "Сергій Сергей Sergei Sergey Serhii Serhiy Sergej СЕРГЕЙ",
    "Олексій Алексей Oleksii Aleksei Alexey Oleksiy",
    "Дмитро Дмитрий Dmytro Dmitry Dmitrii Dmitriy",
    "Олена Елена Olena Elena Yelena",
    "Наталія Наталья Наталия Nataliia Natalya Natalia Nataliya",
    "Юлія Юлия Yulia Iuliia Yuliia Julia Yuliya",
    "Євген Евгений Yevhen Evgeny Evgenii Yevgeny",
    "Микола Николай Mykola Nikolai Nikolay",
    "Андрій Андрей Andrii Andrei Andrey Andriy",
    "Олександр Александр Oleksandr Aleksandr Alexander Alexandr",
    "Ганна Анна Hanna Anna",
    "Тетяна Татьяна Tetiana Tatiana Tatyana",
    "Катерина Екатерина Kateryna Ekaterina Yekaterina",
    "Володимир Владимир Volodymyr Vladimir",
    "Михайло Михаил Mykhailo Mikhail Mihail",
    "Павло Павел Pavlo Pavel",
    "Петро Пётр Петр Petro Petr Pyotr",
    "Артём Артем Artem Artyom Artiom",
    "Фёдор Федор Федір Fedor Fyodor Fedir",
    "Людмила Liudmyla Lyudmila Ludmila",
    "Ілля Илья Illia Ilya",
    "Юрій Юрий Yurii Iurii Yuri Yury",
    "Світлана Светлана Svitlana Svetlana",
    "Мар'яна Мар’яна Марьяна Mariana Maryana",
    "Софія София Софья Sofiia Sofia Sophia",
    "Григорій Григорий Hryhorii Grigory",
    "Ярослав Yaroslav Iaroslav Jaroslav",
    "Щербак Shcherbak Scherbak Ščerbak",
    "Зоренський Зоренский Zorenskyi Zorensky Zorenska Зоренская Зоренська Zorenskaya",
    "Савицький Савицкий Savytskyi Savitsky Sawicki Savytska",
    "Иванова Иванов Іванов Ivanova Ivanov Iwanow Ivanoff",
    "Ковальов Ковалёв Ковалев Kovalov Kovalev Kovalyov Ковальова Ковалева",
    "Соловйов Соловьёв Соловьев Soloviov Solovyov Soloviev",
    "Чорний Чёрный Черный Chornyi Chernyi Чорна Черная",
    "Петренко Petrenko PETRENKO",
    "Шевчук Shevchuk Szewczuk Ševčuk",
    "Гнатюк Hnatiuk Gnatyuk Hnatyuk",
    "Хоменко Khomenko Homenko",
    "Лук'яненко Лукьяненко Lukianenko Lukyanenko",
    "Цимбал Tsymbal Cymbal",
    "Жук Zhuk Žuk",
    "Коваль Koval Koval'",
    "Сергійович Сергеевич Serhiiovych Sergeevich Sergeyevich Сергіївна Сергеевна",
    "Миколайович Николаевич Mykolaiovych Nikolaevich Миколаївна Николаевна",
    "Олексійович Алексеевич Oleksiiovych Alekseevich",
    "Дмитрович Дмитриевич Dmytrovych Dmitrievich",
    "Юрійович Юрьевич Yuriiovych Yurievich",
    "Ілліч Ильич Illich Ilyich Іллівна Ильинична",
    "Якович Яковлевич Яківна Яковлевна",
];

#[test]
fn spellings_of_one_name_fold_alike() {
    let apart: Vec<_> =
        SAME.iter().map(|line| words(line)).filter(|found| found.len() != 1).collect();
    assert_eq!(apart, Vec::<Vec<String>>::new());
}

#[test]
fn other_names_stay_apart() {
    let others = [
        "Сергей Марина Мария Мирон Марк Максим Михаил Матвей Наталья Нина Надежда Никита Николай",
        "Анна Яна Инна Жанна Диана Иван Ева Лев",
        "Петренко Петров Петровский Петрук Павленко Иваненко Иванов Ивановский Иванчук",
        "Сергеевич Николаевич Алексеевич Александрович Андреевич Иванович",
        "Шевченко Шевчук Щербак Жук Зуб Чуб Цимбал",
    ];
    for line in others {
        assert_eq!(words(line).len(), line.split(' ').count(), "{:?}", words(line));
    }
}

#[test]
fn a_word_is_letters_and_digits_whatever_is_typed() {
    assert_eq!(words("  Петренко-Іваненко  "), words("Petrenko Ivanenko"));
    assert_eq!(words("И\u{306}осип е\u{308}лка"), words("Йосип ёлка"));
    assert_eq!(words("%_\\ 🦊\u{0} '\" --"), Vec::<String>::new());
    assert_eq!(words("Нина🦊Ольга\u{0}Вера").len(), 3);
    assert_eq!(words("გიორგი").len(), 1);
    assert_ne!(words("გიორგი"), words("გიორგა"));
}

#[test]
fn the_key_is_sorted_and_holds_each_word_of_all_names_once() {
    let legal = NameParts {
        family_name: Some("Петренко"), given_name: "Сергій", patronymic: None
    };
    let latin =
        NameParts { family_name: Some("Petrenko"), given_name: "Serhii", patronymic: Some("") };
    let birth = NameParts { family_name: Some("Щербак"), ..legal };
    assert_eq!(search_key([legal, latin, birth]), " petrenk serg xerbak ");
    assert_eq!(search_key([birth, latin, legal]), search_key([legal, latin, birth]));
    assert_eq!(search_key([]), " ");
}

proptest! {
    #[test]
    fn folding_never_fails_and_leaves_letters_and_digits_alone(name in "\\PC{0,40}") {
        for word in words(&name) {
            prop_assert!(word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
        }
    }
}
