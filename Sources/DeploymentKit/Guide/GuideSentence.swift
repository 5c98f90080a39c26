/// The sentences of the guide, by the keys of its text files.
enum GuideSentence: String, CaseIterable, Sendable {
    case title
    /// Below the partner's name.
    case partner
    /// Why the ID would not be attributed today.
    case warning
    /// The directory has the partner under another agreement.
    case warningAgreement = "warning-agreement"
    /// Routes require signatures, and the kit has none.
    case warningUnsigned = "warning-unsigned"
    /// What else is wrong is the operator's to know.
    case warningOther = "warning-other"
    case introductionMospa = "introduction-mospa"
    case introductionMosra = "introduction-mosra"
    /// Until when signed addresses are valid.
    case signed
    case when
    case valuesTitle = "values-title"
    case valuesWhere = "values-where"
    case valueName = "value-name"
    case valueData = "value-data"
    case stepsTitle = "steps-title"
    case step1 = "step-1"
    case step2 = "step-2"
    case step3 = "step-3"
    case step4 = "step-4"
    case step5 = "step-5"
    case step6 = "step-6"
    case step7 = "step-7"
    case step8 = "step-8"
    case stepsRepeat = "steps-repeat"
    case commandsTitle = "commands-title"
    case commands
    case checkTitle = "check-title"
    case checkQuery = "check-query"
    case checkOpen = "check-open"
    case checkExport = "check-export"
    case undoTitle = "undo-title"
    case undo
}

/// What stands in a sentence as `{…}`: what is never translated, and what differs from kit to kit.
enum GuidePlace: String, CaseIterable, Sendable {
    // Code: shown as such.
    case regedit, sysprep, mso, type, key
    case root, software, microsoft, server
    /// The name of a registry value, and what it holds.
    case value, data
    /// How sign-ups come out, in the words of a record.
    case outcome
    case exporting = "export"
    // Plain text.
    case id, day

    /// Whether it is shown as code.
    var isCode: Bool {
        switch self {
        case .id, .day: false
        default: true
        }
    }

    /// What is the same in every guide.
    static let constants: [GuidePlace: String] = [
        .regedit: "regedit", .sysprep: "sysprep", .mso: "MSO", .type: "REG_SZ", .key: MSOKey.path,
        .root: MSOKey.root, .software: "SOFTWARE", .microsoft: "Microsoft", .server: "Windows Server",
    ]
}

extension GuideSentence {
    /// What a translation has to have, each as often as it likes: a word of code that was translated is missing here.
    var places: Set<GuidePlace> {
        switch self {
        case .partner: [.id]
        case .warning: [.day, .outcome]
        case .introductionMospa: [.value]
        case .signed: [.day]
        case .when: [.sysprep]
        case .valuesWhere: [.key, .type]
        case .stepsTitle, .step1: [.regedit]
        case .step2: [.root, .software, .microsoft, .server]
        case .step3: [.server]
        case .step4: [.mso]
        case .step6, .step7: [.value]
        case .step8: [.data]
        case .checkQuery: [.type]
        case .checkExport: [.exporting]
        default: []
        }
    }
}
