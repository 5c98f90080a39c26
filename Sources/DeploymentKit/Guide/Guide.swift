import Attribution

/// The printable page for those who set the values by hand, in one language.
package struct Guide: Sendable {
    /// An HTML page with `{{language}}`, `{{title}}` and `{{content}}`.
    private let shell: String
    private let texts: GuideTexts

    /// - Parameter file: what messages call the shell.
    /// - Throws: ``KitFault`` when the shell is not UTF-8, or lacks a place for the content.
    package init(shell: [UInt8], file: String, texts: GuideTexts) throws(KitFault) {
        guard let shell = String(validating: shell, as: UTF8.self), shell.contains("{{content}}") else {
            throw KitFault("\(file) is no page in UTF-8 with a place for {{content}}")
        }
        self.shell = shell
        self.texts = texts
    }

    /// The page for one kit.
    ///
    /// - Parameter name: the partner's, as the directory has it; nil for a partner that is not there.
    package func page(for kit: Kit, of name: String?) -> KitFile {
        let content = introduction(kit, name) + values(kit) + steps(kit) + commands(kit) + checks(kit) + undo(kit)
        // The content comes last, so that nothing in it is taken for a place of the shell.
        let page = shell.replacing("{{language}}", with: MarkupText.escaped(texts.language.tag))
            .replacing("{{title}}", with: texts.html(.title))
            .replacing("{{content}}", with: content)
        return KitFile(
            name: "\(kit.fileStem)-guide-\(texts.language.tag).html",
            mediaType: "text/html; charset=utf-8", bytes: Array(page.utf8))
    }

    private func introduction(_ kit: Kit, _ name: String?) -> String {
        let partner = SignupValue.Name.partner.rawValue
        let why = kit.agreement == .mospa ? texts.html(.introductionMospa, [.value: partner]) : texts.html(.introductionMosra)
        let whose = name.map { "<strong>\(MarkupText.escaped($0))</strong><br>\n" } ?? ""
        var warnings: [String] = []
        for text in kit.warnings.map({ html($0, on: kit.day) }) where !warnings.contains(text) { warnings.append(text) }
        let signed = kit.signedThrough.map { "<p>\(texts.html(.signed, [.day: texts.words(for: $0)]))</p>\n" } ?? ""
        return """
            <p class="partner">\(whose)\(texts.html(.partner, [.id: kit.partner.description]))</p>
            \(warnings.joined())<p>\(why)</p>
            \(signed)<p>\(texts.html(.when))</p>

            """
    }

    private func html(_ warning: KitWarning, on day: CalendarDay) -> String {
        let text =
            switch warning.kind {
            case .notAttributed, .noSignup:
                texts.html(.warning, [.day: texts.words(for: day), .outcome: warning.failure?.words ?? ""])
            case .unsigned: texts.html(.warningUnsigned)
            case .otherAgreement: texts.html(.warningAgreement)
            case .noEndpoint, .otherHost, .plainHTTP: texts.html(.warningOther)
            }
        return "<p class=\"warning\">\(text)</p>\n"
    }

    private func values(_ kit: Kit) -> String {
        let rows = kit.values.map { value in
            "<tr><th scope=\"row\">\(Self.code(value.name.rawValue))</th><td>\(Self.code(value.data))</td></tr>\n"
        }
        return """
            <h2>\(texts.html(.valuesTitle))</h2>
            <p>\(texts.html(.valuesWhere))</p>
            <table>
            <tr><th scope="col">\(texts.html(.valueName))</th><th scope="col">\(texts.html(.valueData))</th></tr>
            \(rows.joined())</table>

            """
    }

    /// The documented eight steps, told for the first value.
    private func steps(_ kit: Kit) -> String {
        guard let first = kit.values.first else { return "" }
        let words: [GuidePlace: String] = [.value: first.name.rawValue, .data: first.data]
        let steps: [GuideSentence] = [.step1, .step2, .step3, .step4, .step5, .step6, .step7, .step8]
        let items = steps.map { "<li>\(texts.html($0, words))</li>\n" }
        let more = kit.values.count > 1 ? "<p>\(texts.html(.stepsRepeat))</p>\n" : ""
        return "<h2>\(texts.html(.stepsTitle))</h2>\n<ol>\n\(items.joined())</ol>\n\(more)"
    }

    private func commands(_ kit: Kit) -> String {
        "<h2>\(texts.html(.commandsTitle))</h2>\n<p>\(texts.html(.commands))</p>\n"
            + Self.block(kit.values.map { RegCommand.add($0) })
    }

    private func checks(_ kit: Kit) -> String {
        var checks = "<h2>\(texts.html(.checkTitle))</h2>\n<p>\(texts.html(.checkQuery))</p>\n"
        checks += Self.block(["reg query \(WindowsArgument.quoted(MSOKey.shortPath)) /reg:64"])
        // With MOSPA alone, what the module opens is the provider's to say.
        if kit.gateway != nil {
            let items = kit.forecasts.map { "<li>\(Self.code($0.url))</li>\n" }
            checks += "<p>\(texts.html(.checkOpen))</p>\n<ul>\n\(items.joined())</ul>\n"
        }
        checks += "<p>\(texts.html(.checkExport, [.exporting: Self.export]))</p>\n"
        return checks
    }

    private static let export = "reg export \(WindowsArgument.quoted(MSOKey.shortPath)) mso.reg /y /reg:64"

    private func undo(_ kit: Kit) -> String {
        "<h2>\(texts.html(.undoTitle))</h2>\n<p>\(texts.html(.undo))</p>\n"
            + Self.block(kit.values.map { RegCommand.delete($0.name) })
    }

    private static func code(_ text: String) -> String { "<code>\(MarkupText.escaped(text))</code>" }

    private static func block(_ lines: [String]) -> String {
        "<pre>\(MarkupText.escaped(lines.joined(separator: "\n")))</pre>\n"
    }
}
