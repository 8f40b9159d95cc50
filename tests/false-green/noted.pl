# Runs a command and ends as it does, by a signal too; the exit status of the first run, as a shell would say it, is noted in
# a file.
# Usage: perl noted.pl FILE COMMAND [ARGUMENT...]
use strict;
use warnings;

my ($file, @command) = @ARGV;
my $status = system { $command[0] } @command;
my $signal = $status & 127;
if (!-e $file) {
    open(my $note, '>', $file) or die "$file: $!\n";
    print $note $signal ? 128 + $signal : $status >> 8;
    close($note);
}
kill($signal, $$) if $signal;
exit($status >> 8);
