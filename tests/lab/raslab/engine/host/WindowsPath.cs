// Copyright (c) 2026, FleetOps contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// System.IO.Path for scripts: Windows paths by the rules of Windows, all others by those of this platform.
using System;
using System.IO;
using System.Linq;

namespace FakeWindows
{
    public static class WindowsPath
    {
        public static readonly char DirectorySeparatorChar = '\\';
        public static readonly char AltDirectorySeparatorChar = '/';
        public static readonly char PathSeparator = ';';
        private static bool Windows(string path) { return Translate.IsWindows(path) || (path != null && path.StartsWith("\\\\")); }
        private static int Cut(string path) { return path.LastIndexOfAny(new[] { '\\', '/' }); }
        public static string GetFileName(string path) { return path != null && path.Contains('\\') ? path.Substring(Cut(path) + 1) : Path.GetFileName(path); }
        public static string GetDirectoryName(string path)
        {
            if (path == null || !path.Contains('\\')) return Path.GetDirectoryName(path);
            int at = Cut(path);
            return at < 0 ? "" : at == 2 ? path.Substring(0, 3) : path.Substring(0, at);
        }
        public static string GetExtension(string path) { return Path.GetExtension(GetFileName(path)); }
        public static string GetFileNameWithoutExtension(string path) { return Path.GetFileNameWithoutExtension(GetFileName(path)); }
        public static string ChangeExtension(string path, string extension) { return Path.ChangeExtension(path, extension); }
        public static bool HasExtension(string path) { return Path.HasExtension(GetFileName(path)); }
        public static bool IsPathRooted(string path) { return Windows(path) || Path.IsPathRooted(path); }
        public static string GetPathRoot(string path) { return Translate.IsWindows(path) ? path.Substring(0, 2) + "\\" : Path.GetPathRoot(path); }
        public static string GetFullPath(string path) { return Windows(path) ? path.Replace('/', '\\') : Path.GetFullPath(path); }
        public static string GetTempPath() { return Path.GetTempPath(); }
        public static string GetTempFileName() { return Path.GetTempFileName(); }
        public static string GetRandomFileName() { return Path.GetRandomFileName(); }
        public static char[] GetInvalidFileNameChars() { return "\"<>|:*?\\/".ToCharArray().Concat(Enumerable.Range(0, 32).Select(n => (char)n)).ToArray(); }
        public static char[] GetInvalidPathChars() { return Path.GetInvalidPathChars(); }
        public static string Combine(params string[] parts)
        {
            if (parts.Length == 0 || !Windows(parts[0])) return Path.Combine(parts);
            return parts.Aggregate((a, b) => Windows(b) ? b : b == "" ? a : a.TrimEnd('\\') + "\\" + b);
        }
    }
}
