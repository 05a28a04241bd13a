// Copyright (c) 2026, FleetOps contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for the type that host_observe makes of its own C#, which asks a library that only Windows has.
using System;
using System.Management.Automation;

namespace FleetOps
{
    public static class RasSessions
    {
        /// <summary>The number in the machine's table; a text there is why the session manager does not answer.</summary>
        public static int Count()
        {
            object said = FakeWindows.Machine.Current.Data.Properties["sessions"].Value;
            if (said is string) throw new InvalidOperationException((string)said);
            return Convert.ToInt32(said);
        }
    }
}
