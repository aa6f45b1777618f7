//! From a contest's table to the contest, with every fault at its field (MAN-30, MAN-31).

use super::{
    contest::{Answer, ContestTable, Field, Fraction, KindName, MethodName, OrderName, Points, SeatRuleName, TieName},
    fault::{Fault, Misfit, nearest},
};
use protocol::{
    Contest, ContestKind,
    contest::{
        CondorcetMethod, DisplayOrder, LinkedQuestion, List, MOST_PARTS, MOST_SCORE, SeatRule, Share, Terms, TieRule,
    },
};
use std::ops::Range;

impl ContestTable {
    /// The contest, if its kind has these fields and their values fit each other. `span` is the whole table.
    pub(super) fn contest(&self, span: Range<usize>) -> Result<Contest, Fault> {
        let reader = Reader { table: self, kind: self.kind_name(), span };
        if let Some((name, span)) = self.present().find(|(name, _)| !reader.kind.fields().contains(name)) {
            return Err(Fault::new(span, name, Misfit::Foreign { kind: reader.kind }));
        }
        let (kind, options) = reader.kind()?;
        let terms = reader.terms(options.len())?;
        Ok(Contest::new(self.title.clone(), kind, options, self.blank).with_terms(terms))
    }
}

struct Reader<'a> {
    table: &'a ContestTable,
    kind: KindName,
    span: Range<usize>,
}

impl Reader<'_> {
    fn kind(&self) -> Result<(ContestKind, Vec<String>), Fault> {
        let table = self.table;
        match self.kind {
            KindName::Lists => return self.lists(),
            KindName::Linked => return self.linked(),
            _ => {}
        }
        let (options_span, options) = self.needed("options", &table.options)?;
        let count = options.len();
        let kind = match self.kind {
            // The two last were answered above.
            KindName::ChooseOne | KindName::Lists | KindName::Linked => ContestKind::ChooseOne,
            KindName::Approval => ContestKind::Choose { minimum: 0, maximum: number(count) },
            KindName::Choose => {
                let (minimum, maximum) = self.limits(count)?;
                ContestKind::Choose { minimum, maximum }
            }
            KindName::Score => {
                let (span, top) = self.needed("top", &table.top)?;
                positive(top, span.clone(), "top")?;
                if top > MOST_SCORE {
                    return Err(Fault::new(span, "top", Misfit::Score(top)));
                }
                ContestKind::Score { top }
            }
            KindName::Cumulative => self.cumulative(count)?,
            KindName::Budget => self.budget()?,
            KindName::Ranking => self.ranking(count)?,
            KindName::Pairwise => ContestKind::Pairwise {
                complete: self.or(&table.complete, false),
                method: match self.or(&table.method, MethodName::Schulze) {
                    MethodName::Schulze => CondorcetMethod::Schulze,
                    MethodName::RankedPairs => CondorcetMethod::RankedPairs,
                },
            },
            KindName::Question => {
                if count != 3 {
                    return Err(Fault::new(options_span, "options", Misfit::NotThree(count)));
                }
                let Fraction { numerator, denominator } = self.or(&table.passes, Fraction::HALF);
                if numerator >= denominator || denominator > MOST_PARTS {
                    return Err(self.fault("passes", &table.passes, Misfit::NoShare));
                }
                ContestKind::Question { numerator, denominator }
            }
        };
        Ok((kind, options))
    }

    fn limits(&self, options: usize) -> Result<(u32, u32), Fault> {
        let (minimum_span, minimum) = self.needed("minimum", &self.table.minimum)?;
        let (maximum_span, maximum) = self.needed("maximum", &self.table.maximum)?;
        if index(maximum) > options {
            let misfit = Misfit::MoreThanOptions { number: maximum, options };
            return Err(Fault::new(maximum_span, "maximum", misfit));
        }
        positive(maximum, maximum_span, "maximum")?;
        ordered(minimum, maximum, minimum_span)?;
        Ok((minimum, maximum))
    }

    fn cumulative(&self, options: usize) -> Result<ContestKind, Fault> {
        let table = self.table;
        let (span, points) = self.needed("points", &table.points)?;
        let Points::Number(points) = points else {
            return Err(Fault::new(span, "points", Misfit::NotANumber));
        };
        positive(points, span.clone(), "points")?;
        let most = self.or(&table.most, points);
        if most > points {
            return Err(self.fault("most", &table.most, Misfit::MoreThanPoints { most, points }));
        }
        if most == 0 {
            return Err(self.fault("most", &table.most, Misfit::Zero));
        }
        let exactly = self.or(&table.exactly, false);
        if exactly && u64::from(most).saturating_mul(u64::from(number(options))) < points.into() {
            return Err(Fault::new(span, "points", Misfit::Unspendable { points, most, options }));
        }
        Ok(ContestKind::Cumulative { points, most, exactly })
    }

    fn budget(&self) -> Result<ContestKind, Fault> {
        let table = self.table;
        let (_, currency) = self.needed("currency", &table.currency)?;
        let (span, pot) = self.needed("pot", &table.pot)?;
        positive(pot, span, "pot")?;
        let step = self.or(&table.step, 1);
        if step == 0 {
            return Err(self.fault("step", &table.step, Misfit::Zero));
        }
        if !pot.is_multiple_of(step) {
            return Err(self.fault("step", &table.step, Misfit::Step { step, pot }));
        }
        Ok(ContestKind::Budget { currency, pot, step })
    }

    fn ranking(&self, options: usize) -> Result<ContestKind, Fault> {
        let table = self.table;
        let stated = table.places.as_ref().map(|places| *places.get_ref());
        let (span, points) = self.needed("points", &table.points)?;
        let points = match points {
            Points::Number(_) => return Err(Fault::new(span, "points", Misfit::NotPlaces)),
            // One point less for each place, and none for the last of all options.
            Points::Borda => {
                let places = stated.unwrap_or(number(options));
                if index(places) > options {
                    let misfit = Misfit::MoreThanOptions { number: places, options };
                    return Err(self.fault("places", &table.places, misfit));
                }
                (1..=places).map(|place| number(options).saturating_sub(place)).collect()
            }
            Points::List(points) => {
                if let Some(places) = stated.filter(|places| index(*places) != points.len()) {
                    let misfit = Misfit::Places { places, points: points.len() };
                    return Err(self.fault("places", &table.places, misfit));
                }
                points
            }
        };
        if points.is_empty() {
            return Err(Fault::new(span, "points", Misfit::Zero));
        }
        if points.len() > options {
            let misfit = Misfit::MoreThanOptions { number: number(points.len()), options };
            return Err(Fault::new(span, "points", misfit));
        }
        let minimum = self.or(&table.minimum, 1);
        if index(minimum) > points.len() {
            let misfit = Misfit::MoreThanPlaces { minimum, places: points.len() };
            return Err(self.fault("minimum", &table.minimum, misfit));
        }
        Ok(ContestKind::Positional { minimum, points })
    }

    fn lists(&self) -> Result<(ContestKind, Vec<String>), Fault> {
        let table = self.table;
        let (_, tables) = self.needed("lists", &table.lists)?;
        let options: Vec<String> = tables.iter().flat_map(|list| list.get_ref().options.get_ref().clone()).collect();
        let (minimum, maximum) = self.limits(options.len())?;
        let whole = self.or(&table.whole, false);
        let mut lists = Vec::with_capacity(tables.len());
        for (place, list) in (1u32..).zip(&tables) {
            let list = list.get_ref();
            let candidates = list.options.get_ref().len();
            let limit = list.limit.as_ref().map_or(number(candidates), |limit| *limit.get_ref());
            let limit_span = list.limit.as_ref().map_or_else(|| list.options.span(), toml::Spanned::span);
            let path = format!("lists[{place}]");
            positive(number(candidates), list.options.span(), "options").map_err(|fault| fault.inside(&path))?;
            positive(limit, limit_span.clone(), "limit").map_err(|fault| fault.inside(&path))?;
            if index(limit) > candidates {
                let misfit = Misfit::MoreThanList { limit, candidates };
                return Err(Fault::new(limit_span, "limit", misfit).inside(&path));
            }
            if whole && candidates > index(maximum) {
                let misfit = Misfit::WholeTooLong { maximum, candidates, list: list.name.clone() };
                return Err(self.fault("maximum", &table.maximum, misfit));
            }
            lists.push(List { name: list.name.clone(), options: number(candidates), limit });
        }
        let seats = match self.or(&table.seat_rule, SeatRuleName::Most) {
            SeatRuleName::Most => SeatRule::Most,
            SeatRuleName::DHondt => SeatRule::DHondt,
            SeatRuleName::SainteLague => SeatRule::SainteLague,
        };
        Ok((ContestKind::Lists { minimum, maximum, whole, seats, lists }, options))
    }

    fn linked(&self) -> Result<(ContestKind, Vec<String>), Fault> {
        let (_, tables) = self.needed("questions", &self.table.questions)?;
        let mut options: Vec<String> = Vec::new();
        let mut questions = Vec::with_capacity(tables.len());
        for (place, question) in (1u32..).zip(&tables) {
            let question = question.get_ref();
            let path = format!("questions[{place}]");
            let read = || {
                let count = question.options.get_ref().len();
                positive(number(count), question.options.span(), "options")?;
                let whole = || question.options.span();
                let limit = |field: &Field<u32>| field.as_ref().map_or(1, |limit| *limit.get_ref());
                let (minimum, maximum) = (limit(&question.minimum), limit(&question.maximum));
                let span = |field: &Field<u32>| field.as_ref().map_or_else(whole, toml::Spanned::span);
                positive(maximum, span(&question.maximum), "maximum")?;
                if index(maximum) > count {
                    let misfit = Misfit::MoreThanOptions { number: maximum, options: count };
                    return Err(Fault::new(span(&question.maximum), "maximum", misfit));
                }
                ordered(minimum, maximum, span(&question.minimum))?;
                let condition = question.condition.as_ref().map(|answer| {
                    let found = earlier(answer.get_ref(), &options);
                    found.map_err(|misfit| Fault::new(answer.span(), "if", misfit))
                });
                let (title, options) = (question.title.clone(), number(count));
                Ok(LinkedQuestion { title, options, minimum, maximum, condition: condition.transpose()? })
            };
            let read = read().map_err(|fault| fault.inside(&path))?;
            questions.push(read);
            options.extend(question.options.get_ref().iter().cloned());
        }
        Ok((ContestKind::Linked { questions }, options))
    }

    fn terms(&self, options: usize) -> Result<Terms, Fault> {
        let table = self.table;
        let plain = Terms::default();
        if matches!(self.kind, KindName::Budget | KindName::Question) {
            let seats = table.seats.as_ref().filter(|seats| *seats.get_ref() != 1).map(toml::Spanned::span);
            let share = table.share.as_ref().map(toml::Spanned::span);
            if let Some((name, span)) = seats.map(|span| ("seats", span)).or(share.map(|span| ("share", span))) {
                return Err(Fault::new(span, name, Misfit::NoSeats(self.kind)));
            }
        }
        let seats = self.or(&table.seats, 1);
        if index(seats) > options {
            let misfit = Misfit::MoreThanOptions { number: seats, options };
            return Err(self.fault("seats", &table.seats, misfit));
        }
        let share = match &table.share {
            None => plain.share,
            Some(share) => {
                let Fraction { numerator, denominator } = *share.get_ref();
                let none = (numerator, denominator) == (0, 1);
                let part = 1 <= numerator && numerator < denominator && denominator <= MOST_PARTS;
                if !(none || part) {
                    return Err(Fault::new(share.span(), "share", Misfit::NoShare));
                }
                Share { numerator, denominator }
            }
        };
        let ties = match self.or(&table.ties, TieName::Reported) {
            TieName::Reported => TieRule::Reported,
            TieName::Listed => TieRule::Listed,
            TieName::Lot => TieRule::Lot,
        };
        let order = match self.or(&table.order, OrderName::Listed) {
            OrderName::Listed => DisplayOrder::Listed,
            OrderName::Shuffled => DisplayOrder::Shuffled,
        };
        Ok(Terms { seats, ties, order, share })
    }

    /// A field that the kind needs.
    fn needed<T: Clone>(&self, name: &'static str, field: &Field<T>) -> Result<(Range<usize>, T), Fault> {
        let field = field.as_ref().ok_or_else(|| Fault::new(self.span.clone(), name, Misfit::Missing(self.kind)))?;
        Ok((field.span(), field.get_ref().clone()))
    }

    /// A field that the kind may have.
    fn or<T: Clone>(&self, field: &Field<T>, absent: T) -> T {
        field.as_ref().map_or(absent, |field| field.get_ref().clone())
    }

    /// A fault of a field, or of the whole table where the field is absent.
    fn fault<T>(&self, name: &'static str, field: &Field<T>, misfit: Misfit) -> Fault {
        let span = field.as_ref().map_or_else(|| self.span.clone(), toml::Spanned::span);
        Fault::new(span, name, misfit)
    }
}

/// The option of an earlier question, by its words if they are those of exactly one, or by its number.
fn earlier(answer: &Answer, options: &[String]) -> Result<u32, Misfit> {
    let found = match answer {
        Answer::Number(number) => number.checked_sub(1).filter(|place| index(*place) < options.len()),
        Answer::Words(words) => {
            let mut found = (0u32..).zip(options).filter(|(_, option)| *option == words).map(|(place, _)| place);
            found.next().filter(|_| found.next().is_none())
        }
    };
    found.ok_or_else(|| {
        let nearest = match answer {
            Answer::Words(words) => nearest(words, options.iter().map(String::as_str)),
            Answer::Number(_) => None,
        };
        Misfit::NoAnswer { answer: answer.to_string(), nearest }
    })
}

fn positive(value: u32, span: Range<usize>, name: &'static str) -> Result<(), Fault> {
    if value == 0 { Err(Fault::new(span, name, Misfit::Zero)) } else { Ok(()) }
}

fn ordered(minimum: u32, maximum: u32, span: Range<usize>) -> Result<(), Fault> {
    if minimum <= maximum { Ok(()) } else { Err(Fault::new(span, "minimum", Misfit::Crossed { minimum, maximum })) }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
