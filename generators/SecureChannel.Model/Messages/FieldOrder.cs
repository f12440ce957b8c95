namespace SecureChannel.Model.Messages;

/// <summary>Checks the order of a message's fields: fields of later versions follow fields of earlier ones, and a remainder is last.</summary>
internal static class FieldOrder
{
    /// <summary>Checks the order of fields and records violations as problems.</summary>
    public static void Check(IReadOnlyList<FieldModel> fields, ICollection<MessageProblem> problems)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (i > 0 && field.Since < fields[i - 1].Since)
                Add(MessageProblemKind.SinceOutOfOrder, field, fields[i - 1].Since, field.Since);
            if (!field.Type.IsRemainder)
                continue;
            if (i < fields.Count - 1)
                Add(MessageProblemKind.RemainderNotLast, field, fields[i + 1].Name.TrimStart('@'));
            else if (fields.FirstOrDefault(other => other.Since > 0) is { } since)
                Add(MessageProblemKind.SinceBesideRemainder, since);
        }

        void Add(MessageProblemKind kind, FieldModel field, params object[] arguments) =>
            problems.Add(MessageProblem.Of(kind, field.Name.TrimStart('@'), arguments));
    }
}
