package import Attribution

extension RequestHead {
    /// Reads bytes that are to be one whole HTTP/1 head, as a connection of the front door reads them: for those who compose
    /// what a client would send, and ask what becomes of it.
    ///
    /// nil when the bytes end before the head does, or go on behind it.
    ///
    /// - Throws: ``HeadFault`` when the front door would refuse the head, also for what it says about its body.
    package init?(http1 bytes: [UInt8]) throws(HeadFault) {
        var parser = RequestHeadParser()
        let (consumed, progress) = bytes.withUnsafeBytes { parser.read($0) }
        switch progress {
        case .needsMore:
            return nil
        case .fault(let fault):
            throw fault
        case .complete(let head):
            if case .failure(let fault) = MessageFraming.of(head) { throw fault }
            guard consumed == bytes.count else { return nil }
            self = head
        }
    }
}
