extension Socket {
    /// Sends a request without TLS, and reads until `isComplete` says so, the server closes, or `limit` bytes have come.
    func exchange(
        _ request: [UInt8], limit: Int, by deadline: Deadline, isComplete: ([UInt8]) -> Bool
    ) throws(ProbeFailure) -> [UInt8] {
        try send(request, during: .answer, by: deadline)
        var answer: [UInt8] = []
        while answer.count < limit, !isComplete(answer) {
            let bytes = try receive(during: .answer, by: deadline)
            guard !bytes.isEmpty else { break }
            answer += bytes
        }
        return answer
    }
}
