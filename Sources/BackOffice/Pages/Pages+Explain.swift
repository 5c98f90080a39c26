import Attribution
import Hummingbird
import Office

extension Pages {
    func addExplain(to group: RouterGroup<BackOfficeContext>) {
        group.get("/explain") { request, context in
            _ = try context.require(.marketing)
            return try await explain(request, PageReader(request, context))
        }
    }

    private static let methods = ["GET", "HEAD", "POST"]

    private func explain(_ request: Request, _ reader: PageReader) async throws -> Response {
        var values: [String: Any] = [:]
        for parameter in ExplainParameter.allCases {
            values["given-" + parameter.rawValue] = request.query(parameter.rawValue) ?? ""
        }
        let method = request.query(ExplainParameter.method.rawValue)
        values["methods"] = Self.methods.map { ["value": $0, "is-chosen": $0 == method] as [String: Any] }
        values["has-more"] = ExplainParameter.allCases.contains { $0 != .url && request.query($0.rawValue) != nil }
        guard request.query(ExplainParameter.url.rawValue) != nil else {
            return try renderer.page("explain", title: "explain", values, for: reader)
        }
        do {
            let explanation = try await desks.explain(try ExplainQuestion(request))
            values.merge(verdict(explanation, reader)) { $1 }
            values["steps"] = explanation.steps.map { step($0, reader) }
            values["has-answer"] = true
        } catch {
            let problem = Problem(error)
            guard problem.status < 500 else { throw error }
            values["fault"] = renderer.told(problem, for: reader)
        }
        return try renderer.page(
            "explain", title: "explain", values, for: reader, status: values["fault"] == nil ? .ok : .unprocessableContent)
    }

    /// What it comes to, before the steps.
    private func verdict(_ explanation: Explanation, _ reader: PageReader) -> [String: Any] {
        let answer = explanation.decision.answer
        var values: [String: Any] = ["status": String(answer.status), "location": answer.location ?? ""]
        if let draft = explanation.decision.draft {
            values["outcome-key"] = draft.outcome.rawValue
            values["outcome"] = sentence("outcome-" + draft.outcome.rawValue, reader)
            values["reason"] = draft.reason.map { sentence("reason-" + $0.rawValue, reader) } ?? ""
            values["partner"] = draft.partner?.description ?? ""
            values["has-partner-page"] = draft.partner != nil && draft.partnerIsListed && reader.may(.auditor)
        } else if let step = explanation.steps.last {
            values["no-signup"] = sentence("finding-" + step.finding.rawValue, reader)
        }
        return values
    }

    private func step(_ step: DecisionStep, _ reader: PageReader) -> [String: Any] {
        var columns: [Fact.Label] = []
        // A column in which nothing stands says nothing.
        for fact in step.rows.joined() where !columns.contains(fact.label) && fact.value != .text("") {
            columns.append(fact.label)
        }
        return [
            "title": sentence("question-" + step.question.rawValue, reader),
            "finding": sentence("finding-" + step.finding.rawValue, reader),
            "has-facts": !step.facts.isEmpty, "facts": step.facts.map { shown($0, reader) },
            "has-rows": !step.rows.isEmpty,
            "columns": columns.map { sentence("fact-" + $0.rawValue, reader) },
            "rows": step.rows.map { row in
                [
                    "cells": columns.map { column in
                        row.first { $0.label == column }.map { shown($0, reader) } ?? ["text": ""]
                    }
                ]
            },
        ]
    }

    private func shown(_ fact: Fact, _ reader: PageReader) -> [String: Any] {
        var isText = false
        if case .text = fact.value { isText = true }
        return ["name": sentence("fact-" + fact.label.rawValue, reader), "text": text(fact, reader), "is-text": isText]
    }

    private func text(_ fact: Fact, _ reader: PageReader) -> String {
        switch fact.value {
        case .text(let text): text
        case .word(let word): sentence("word-" + word.rawValue, reader)
        case .outcome(let outcome): sentence("outcome-" + outcome.rawValue, reader)
        case .reason(let reason): sentence("reason-" + reason.rawValue, reader)
        case .standing(let status): sentence("status-" + status.rawValue, reader)
        case .time(let time): reader.format.time(time) + " " + reader.format.zoneName
        }
    }
}
