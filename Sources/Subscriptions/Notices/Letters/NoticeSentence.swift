/// The sentences of a notice, by the keys of its text files.
enum NoticeSentence: String, CaseIterable, Sendable {
    case subjectAdded = "subject-added"
    case subjectRemoved = "subject-removed"
    /// What has happened.
    case added, removed
    // Each on a line of its own.
    case partner, subscription, product, time
    /// What it holds for.
    case scope
    /// Where an answer goes, when the operator wants any.
    case reply
    case automatic
}

/// What stands in a sentence as `{…}`: never translated.
enum NoticePlace: String, CaseIterable, Sendable {
    case id, subscription, product, time
}

extension NoticeSentence {
    /// What a translation has to have, each as often as it likes.
    var places: Set<NoticePlace> {
        switch self {
        case .subjectAdded, .subjectRemoved: [.product, .subscription]
        case .partner: [.id]
        case .subscription: [.subscription]
        case .product: [.product]
        case .time: [.time]
        case .added, .removed, .scope, .reply, .automatic: []
        }
    }
}
